import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The layer table of ARCHITECTURE.md is the rule; this test only reads it. */
interface Room {
  readonly folder: string
  readonly mayImport: readonly string[]
}

const rooms: readonly Room[] = readFileSync('ARCHITECTURE.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && /^`.+`$/.test(cells[2] ?? ''))
  .map((cells) => ({ folder: names(cells[2])[0] ?? '', mayImport: names(cells[3]) }))

function names(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

function roomOf(path: string): Room | undefined {
  const found = rooms.filter((room) => isInside(path, room.folder))
  return found.sort((a, b) => b.folder.length - a.folder.length)[0]
}

const sources = globSync('{src,simulator,local-tls}/**/*.ts').filter(
  (path) => !path.endsWith('.test.ts'),
)

const importsOf = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, name = '']) => name,
  )

const localImports = (path: string) =>
  importsOf(path)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)))

describe('the house', () => {
  test('has every source file in a room of the table', () => {
    expect(rooms.length).toBeGreaterThan(15)
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.filter((path) => !roomOf(path))).toEqual([])
  })

  test('has no import that the table forbids', () => {
    const wrong = sources.flatMap((path) => {
      const room = roomOf(path)
      return localImports(path)
        .filter((target) => {
          const targetRoom = roomOf(target)
          const isOwn = targetRoom?.folder === room?.folder
          return !isOwn && !room?.mayImport.some((folder) => isInside(target, folder))
        })
        .map((target) => `${path} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })

  test('has a model and ports that know no Node built-in', () => {
    const builtins = new Set(builtinModules)
    const wrong = sources
      .filter((path) => isInside(path, 'src/model') || isInside(path, 'src/ports'))
      .flatMap((path) => importsOf(path).map((name) => [path, name] as const))
      .filter(([, name]) => name.startsWith('node:') || builtins.has(name))
    expect(wrong).toEqual([])
  })

  test('has no two files that import each other, over any number of steps', () => {
    const finished = new Set<string>()
    const cycles: string[] = []
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
        return
      }
      if (finished.has(path)) return
      for (const target of valueImports(path)) walk(target, [...trail, path])
      finished.add(path)
    }
    for (const path of sources) walk(path, [])
    expect(cycles).toEqual([])
  })

  test('knows nothing of the simulator, and the simulator nothing of it', () => {
    const crossing = sources
      .flatMap((path) => localImports(path).map((target) => [path, target] as const))
      .filter(([path, target]) => isInside(path, 'src') !== isInside(target, 'src'))
      .filter(([, target]) => !isInside(target, 'local-tls'))
    expect(crossing).toEqual([])
  })
})

/** Imports of values; a type alone makes no cycle at run time. */
function valueImports(path: string): readonly string[] {
  const statements = readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm,
  )
  return [...statements].map(([, name = '']) => normalize(join(dirname(path), name)))
}
