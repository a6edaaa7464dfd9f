import { open } from 'node:fs/promises';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { maxModelBytes } from './inspect-model.js';

type FileProblem = Problem<'model.vanished' | 'model.unreadable' | 'model.too-large'>;

/**
 * The bytes of a model's file. Its size is looked at before anything of that size is allocated.
 *
 * @param machine whose file it is, for the sentence that says that it is not there
 */
export async function readModelFile(path: string, machine = 'this machine'): Promise<Result<Uint8Array, FileProblem>> {
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
    if (code === 'ENOENT') return refuse('model.vanished', `There is no file ${path} on ${machine}.`, 'path');
    if (code === 'EISDIR')
      return refuse('model.unreadable', `${path} is a directory; give the path of an .onnx file.`, 'path');
    return refuse('model.unreadable', `${path} cannot be read (${code}); check its permissions.`, 'path');
  }
}
