import { readFields, readText, readVarints } from './protobuf.js';

const attributeNames: readonly string[] = ['classlabels_ints', 'classlabels_int64s', 'classlabels_strings'];
const classifiers: readonly string[] = ['LinearClassifier', 'SVMClassifier', 'TreeEnsembleClassifier', 'ZipMap'];

/** Whether an operator of ai.onnx.ml names the classes that it tells apart. */
export function isClassifier(operator: string, domain: string): boolean {
  return domain === 'ai.onnx.ml' && classifiers.includes(operator);
}

/** The classes that an AttributeProto lists, as text; undefined for every other attribute. Field numbers: onnx.proto. */
export function readClassLabels(attribute: Uint8Array): readonly string[] | undefined {
  let name = '';
  const classes: string[] = [];
  for (const field of readFields(attribute)) {
    if (field.kind === 'bytes' && field.number === 1) name = readText(field.value);
    // Lists of numbers are packed into one field by some writers, and one field each by others.
    if (field.number === 8 && field.kind === 'varint') classes.push(String(BigInt.asIntN(64, field.value)));
    if (field.number === 8 && field.kind === 'bytes')
      for (const value of readVarints(field.value)) classes.push(String(BigInt.asIntN(64, value)));
    if (field.number === 9 && field.kind === 'bytes') classes.push(readText(field.value));
  }
  return attributeNames.includes(name) && classes.length > 0 ? classes : undefined;
}

/** ZipMap names what leaves the model; without it, classifiers that agree. */
export function commonClasses(
  found: readonly { readonly operator: string; readonly classes: readonly string[] }[],
): readonly string[] | undefined {
  const zipped = found.filter(({ operator }) => operator === 'ZipMap');
  const [first, ...others] = zipped.length > 0 ? zipped : found;
  const isCommon = others.every(({ classes }) => JSON.stringify(classes) === JSON.stringify(first?.classes));
  return isCommon ? first?.classes : undefined;
}
