/* The editor: CodeMirror with Python, as small as it can be and still be pleasant. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python, pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/* global NUMPY_NAMES */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], class: "pc-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "pc-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "pc-number" },
  { tag: tags.comment, class: "pc-comment" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.className], class: "pc-defined" },
]);

/** Complete the names of NumPy behind `np.`. */
function numpy(context) {
  const word = context.matchBefore(/\bnp\.\w*/);
  if (!word) return null;
  return { from: word.from + 3, options: NUMPY_NAMES.map((label) => ({ label })), validFor: /^\w*$/ };
}

/** Make an editor in `parent`; `changed` is told of each change, `run` of Control-Enter. */
export function codeEditor(parent, { text, label, changed = () => {}, run }) {
  const enter = { key: "Mod-Enter", run: () => (run(), true) };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        highlightActiveLine(),
        EditorView.lineWrapping, // what scrolls sideways is out of reach without a mouse
        python(),
        pythonLanguage.data.of({ autocomplete: numpy }),
        syntaxHighlighting(COLOURS),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
        // Escape, then Tab leaves: CodeMirror's own way not to keep the keyboard.
        keymap.of([enter, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
      ],
    }),
  });
  const lineOf = (number) => view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    set(source) {
      if (source === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source } });
    },
    /** Mark a line with what went wrong there; `null` takes the mark away. */
    mark(problem) {
      const found = problem && lineOf(problem.line);
      const wrong = found ? [{ from: found.from, to: found.to, severity: "error", message: problem.message }] : [];
      view.dispatch(setDiagnostics(view.state, wrong));
    },
    go(number) {
      const { from } = lineOf(number);
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
  };
}
