/* Markdown with formulas, as a notebook shows it and typeset as in the book. */
import MarkdownIt from "markdown-it";
import temml from "temml";
import { clean } from "./clean.js";

const markdown = new MarkdownIt({ html: false, linkify: true });
// As in Jupyter: two dollars for a formula on its own line, one within a line; code keeps its dollars.
const PIECES = /(`+)[\s\S]*?\1|\$\$([\s\S]+?)\$\$|(?<!\\)\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)/g;

/** Return Markdown as nodes that can do nothing. */
export function rendered(source) {
  const formulas = [];
  const kept = source.replace(PIECES, (whole, code, display, inline) => {
    if (code) return whole;
    formulas.push(temml.renderToString(display ?? inline, { displayMode: display !== undefined, throwOnError: false }));
    return `\uE000${formulas.length - 1}\uE001`; // characters for private use stand for formulas meanwhile
  });
  const html = markdown.render(kept).replace(/\uE000(\d+)\uE001/g, (_, number) => formulas[number] ?? "");
  return clean(html);
}
