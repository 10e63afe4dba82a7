/** What a stranger gets from the registry: packed from a copy of the tree, installed in an empty folder, used. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
/** The sample of Apple's contract 1.4. */
const v1 =
  'eyJ0b2tlbiI6ImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iLCJleHBEYXRlIjoiMjAyNy0wMy0wMVQwODowMDowMCswMDAwIiwib3JnTmFtZSI6IkhhcmJvdXIgQ3JhbmVzIEdtYkgifQ=='

describe('the packed package, installed in an empty folder', () => {
  let folder = ''
  let home = ''
  let packed: readonly string[] = []
  const installed = () => join(home, 'node_modules', 'pomona')

  /** The Node that runs the tests comes first; nothing of the checkout is on the way. */
  async function command(cwd: string, name: string, ...options: readonly string[]) {
    const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
    const environment = Object.entries(process.env).filter(([key]) => !key.startsWith('npm_'))
    const { stdout } = await run(name, options, {
      ...{ cwd, timeout: 120_000, maxBuffer: 32 * 1_024 * 1_024 },
      env: { ...Object.fromEntries(environment), PATH: path, XDG_DATA_HOME: home },
    })
    return stdout
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-pack-'))
    const tree = join(folder, 'tree')
    home = join(folder, 'home')
    await mkdir(home)
    // Packing builds, and building clears dist/: the one that other tests use is left alone.
    const left = new Set(['node_modules', 'dist', '.git'])
    await cp('.', tree, {
      recursive: true,
      filter: (source) => !left.has(source),
    })
    await symlink(resolve('node_modules'), join(tree, 'node_modules'))
    const answer = await command(
      ...([tree, 'npm', 'pack', '--json', '--foreground-scripts=false'] as const),
      ...['--pack-destination', folder],
    )
    const [{ filename, files }] = JSON.parse(answer)
    packed = files.map(({ path }: { path: string }) => path)
    await command(
      ...([home, 'npm', 'install', join(folder, filename)] as const),
      ...['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    )
  }, 240_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('says its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect((await command(home, 'npx', 'pomona', '--version')).trim()).toBe(version)
    expect((await command(home, 'npx', 'apple-vpp-simulator', '--help')).split('\n')[0]).toMatch(
      /^Usage: apple-vpp-simulator /i,
    )
  })

  test('looks into a content token', async () => {
    await writeFile(join(home, 'Kiel.vpptoken'), v1)
    const shown = JSON.parse(
      await command(home, 'npx', 'pomona', 'inspect', 'Kiel.vpptoken', '-o', 'json'),
    )
    expect(JSON.stringify(shown)).toContain('Harbour Cranes GmbH')
    expect(JSON.stringify(shown)).toContain('67139ef6')
    expect(JSON.stringify(shown)).not.toContain(v1)
  })

  test('shows its demo', async () => {
    const shown = JSON.parse(await command(home, 'npx', 'pomona', 'demo', '--once', '-o', 'json'))
    expect(shown.tokens).toHaveLength(13)
    expect(
      shown.tokens.filter(
        ({ state, expectedState }: Record<string, unknown>) => state !== expectedState,
      ),
    ).toEqual([])
  }, 120_000)

  test('holds what runs and what is to be read, and nothing else', () => {
    const allowed =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|SECURITY\.md|dist\/(src|simulator|local-tls)\/.+\.(js|js\.map|sql|json))$/
    expect(packed.filter((path) => !allowed.test(path))).toEqual([])
    expect(packed.filter((path) => /\.test\.|test-drive/.test(path))).toEqual([])
    expect(packed).toEqual(
      expect.arrayContaining(['dist/src/bin.js', 'dist/simulator/bin.js', 'README.md', 'LICENSE']),
    )
  })

  test('names no place of the machine that packed it', async () => {
    const places = [folder, resolve('.'), process.env.HOME ?? folder]
    for (const path of packed) {
      const text = await readFile(join(installed(), path), 'utf8')
      expect([path, places.filter((place) => text.includes(`${place}/`))]).toEqual([path, []])
    }
  })

  test('brings what it needs and none of what only its makers need', async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
    const present = await readdir(join(home, 'node_modules'))
    const scoped = await Promise.all(
      present
        .filter((name) => name.startsWith('@'))
        .map(async (scope) =>
          (await readdir(join(home, 'node_modules', scope))).map((name) => `${scope}/${name}`),
        ),
    )
    const names = [...present, ...scoped.flat()]
    expect(Object.keys(dependencies).filter((name) => !names.includes(name))).toEqual([])
    const makers = Object.keys(devDependencies).filter((name) => !name.startsWith('@types/'))
    expect(names.filter((name) => makers.includes(name) || name.includes('runtime'))).toEqual([])
  })
})
