/* The one product on which convolutions and dense layers run, forwards and backwards: in the memory of a WebAssembly module
 * of half a kilobyte with vector instructions. Where a browser has none, the same is computed more slowly. */

// product.wat, assembled.
const BYTES =
  "AGFzbQEAAAABDgFgCn9/f39/f39/f38AAwIBAAUDAQBABxACBm1lbW9yeQIAA2FkZAAACvsDAfgDAgV/C3sDQEEAIQoDQP0MAAAAAAAAAAAAAAAAAAAA"
  + "ACESIBIhFiASIRMgEiEXIBIhFCASIRggEiEVIBIhGSADIQwgBiAKQQJ0aiENIAIhCwNAIA39AAQAIRAgDf0ABBAhESAMIQ4gDv0JAgAhDyASIA8gEP3m"
  + "Af3kASESIBYgDyAR/eYB/eQBIRYgDiAEaiEOIA79CQIAIQ8gEyAPIBD95gH95AEhEyAXIA8gEf3mAf3kASEXIA4gBGohDiAO/QkCACEPIBQgDyAQ/eYB"
  + "/eQBIRQgGCAPIBH95gH95AEhGCAOIARqIQ4gDv0JAgAhDyAVIA8gEP3mAf3kASEVIBkgDyAR/eYB/eQBIRkgDCAFaiEMIA0gB2ohDSALQQFrIgsNAAsg"
  + "CCAKQQJ0aiEOIA4gDv0ABAAgEv3kAf0LBAAgDiAO/QAEECAW/eQB/QsEECAOIAlqIQ4gDiAO/QAEACAT/eQB/QsEACAOIA79AAQQIBf95AH9CwQQIA4g"
  + "CWohDiAOIA79AAQAIBT95AH9CwQAIA4gDv0ABBAgGP3kAf0LBBAgDiAJaiEOIA4gDv0ABAAgFf3kAf0LBAAgDiAO/QAEECAZ/eQB/QsEECAKQQhqIgog"
  + "AUkNAAsgAyAEQQJ0aiEDIAggCUECdGohCCAAQQRrIgBBAEoNAAsL";
const FLOAT = 4; // bytes

export const ROWS = 4; // rows come in multiples of this,
export const COLUMNS = 8; // columns of this

/** The next multiple. */
export const padded = (count, multiple) => Math.ceil(count / multiple) * multiple;

function vectorised() {
  const bytes = Uint8Array.from(atob(BYTES), (sign) => sign.charCodeAt(0));
  const { memory, add } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const inBytes = (steps) => steps.map((step) => step * FLOAT);
  return {
    memory: new Float32Array(memory.buffer),
    add: ([rows, columns, depth], a, b, c) => add(rows, columns, depth, ...inBytes(a), ...inBytes(b), ...inBytes(c)),
  };
}

/** The same without vectors, on a memory of the same size. */
export function plain() {
  const memory = new Float32Array(2 ** 20);
  const add = ([rows, columns, depth], [a, ai, ak], [b, bk], [c, ci]) => {
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < depth; k++) {
        const [factor, from, to] = [memory[a + i * ai + k * ak], b + k * bk, c + i * ci];
        for (let j = 0; j < columns; j++) memory[to + j] += factor * memory[from + j];
      }
    }
  };
  return { memory, add };
}

function best() {
  try {
    return vectorised();
  } catch {
    return plain(); // no vector instructions, or a host's policy against WebAssembly
  }
}

const { memory, add } = best();

/** Room in the memory for matrices of these lengths, one behind the other: { at, values } for each. Whatever was there
 *  before is lost, and still there. */
export function regions(...lengths) {
  let end = 0;
  return lengths.map((length) => {
    const at = end;
    end += padded(length, COLUMNS);
    return { at, values: memory.subarray(at, at + length) };
  });
}

/** Add to c, [rows, columns], the product of a, [rows, depth], and b, [depth, columns]: regions with their steps. Those of a
 *  are from row to row and along the depth, those of b and c from row to row; there, columns lie beside each other. */
export function addProduct(shape, [a, ...steps], [b, along], [c, down]) {
  add(shape, [a.at, ...steps], [b.at, along], [c.at, down]);
}
