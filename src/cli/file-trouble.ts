import { Failure } from '../model/failure.ts'

/** Failure `misconfigured` that says why a file cannot be read; its name is shown, nothing of what is in it. */
export function fileTrouble(file: string, cause: unknown, hint = ''): Failure {
  const code = String((cause as { code?: unknown }).code ?? '')
  return new Failure('misconfigured', `${sentences[code]?.(file) ?? otherwise(file)}${hint}`, {
    cause,
  })
}

const sentences: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `There is no file '${file}'. Check its path.`,
  ENOTDIR: (file) => `There is no file '${file}'. Check its path.`,
  EISDIR: (file) => `'${file}' is a folder. Name a file in it.`,
  EACCES: (file) => `The file '${file}' is not yours to read. Check its rights.`,
}

function otherwise(file: string): string {
  return `The file '${file}' cannot be read. Check that it exists and that you may read it.`
}
