import { open } from 'node:fs/promises';
import { maxModelBytes } from '@hansa/inference';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';

type FileProblem = Problem<'model.vanished' | 'model.unreadable' | 'model.too-large'>;

/** The bytes of a model's file. Its size is looked at before anything of that size is allocated. */
export async function readModelFile(path: string): Promise<Result<Uint8Array, FileProblem>> {
  try {
    const file = await open(path, 'r');
    try {
      const facts = await file.stat();
      if (!facts.isFile())
        return refuse('model.unreadable', `${path} is not a file; give the path of an .onnx file.`, 'path');
      if (facts.size > maxModelBytes)
        return refuse(
          'model.too-large',
          `${path} has ${facts.size} bytes; at most ${maxModelBytes} are accepted.`,
          'path',
        );
      return ok(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      return refuse('model.vanished', `There is no file ${path} on the machine of the node.`, 'path');
    if (code === 'EISDIR')
      return refuse('model.unreadable', `${path} is a directory; give the path of an .onnx file.`, 'path');
    return refuse('model.unreadable', `${path} cannot be read (${code}); check its permissions.`, 'path');
  }
}
