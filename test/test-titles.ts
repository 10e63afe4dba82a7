/** Which tests a source file holds, by their titles as they are written: a table's title with its `%s` stands for all its rows. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Source {
  /** First arguments of `test`, `describe` and their tables. */
  readonly titles: readonly string[]
  /** Every text that is written in it, or in a file beside it that it imports: the rows of its tables are among them. */
  readonly texts: ReadonlySet<string>
}

const quoted = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g
/** `test('…', () =>`, `test.each([…])('…', async (` and the like; a table's rows lie between its parentheses. */
const title = /(?:\b(?:test|it|describe)(?:\.\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g
const sources = new Map<string, Source>()

/** Undefined when all is well; else what is wrong with it. `named`: `<file> > <title>`. */
export function missingTest(named: string): string | undefined {
  const [file = '', wanted = ''] = named.split(/ > (.*)/s)
  if (!/\.ts$/.test(file) || !existsSync(file)) return `there is no file '${file}'`
  const { titles, texts } = sourceOf(file)
  const isThere = titles.some((one) => one === wanted || isRowOf(one, wanted, texts))
  return isThere ? undefined : `'${file}' has no test '${wanted}'`
}

function sourceOf(file: string): Source {
  const known = sources.get(file)
  if (known) return known
  const text = readFileSync(file, 'utf8')
  const beside = [...text.matchAll(/from '(\.\/[^']+\.ts)'/g)]
    .map(([, path = '']) => join(dirname(file), path))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
  const source = {
    titles: [...text.matchAll(title)].map(([, , one = '']) => unescaped(one)),
    texts: new Set([text, ...beside].flatMap((one) => textsIn(one))),
  }
  sources.set(file, source)
  return source
}

/** What a row puts into the title must be written somewhere, or be a number or JSON. */
function isRowOf(template: string, wanted: string, texts: ReadonlySet<string>): boolean {
  const places = /%[sdifjo#]|\$\{[^}]*\}/g
  if (!places.test(template)) return false
  const literal = template.split(places).map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const found = new RegExp(`^${literal.join('(.+?)')}$`, 's').exec(wanted)
  return found?.slice(1).every((one) => texts.has(one) || /^[\d"[{]/.test(one)) ?? false
}

function textsIn(source: string): readonly string[] {
  return [...source.matchAll(quoted)].map(([, , one = '']) => unescaped(one))
}

function unescaped(written: string): string {
  return written.replace(/\\(.)/g, '$1')
}
