/** Where the data of a service and of its floor lie while they are measured: on SQLite or PostgreSQL, and gone afterwards. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { runToEnd } from './started.ts'

export const program = 'dist/src/bin.js'

export interface Place {
  readonly dataDir: string
  readonly keyFile: string
  readonly storageUrl: string
  /** Of a database for the floor alone. */
  readonly floorUrl: string
  remove(): Promise<void>
}

/** `serverUrl`: a PostgreSQL server; absent = SQLite in a new folder. */
export async function makePlace(serverUrl?: string): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'pomona-bench-'))
  const files = { dataDir: join(folder, 'data'), keyFile: join(folder, 'key.json') }
  const removeFolder = () => {
    process.off('exit', removeFolder)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', removeFolder)
  if (serverUrl === undefined)
    return {
      ...files,
      storageUrl: `sqlite:${join(files.dataDir, 'pomona.db')}`,
      floorUrl: `sqlite:${join(folder, 'floor.db')}`,
      remove: async () => removeFolder(),
    }
  const own = await makeSchema(serverUrl)
  const floor = await makeSchema(serverUrl)
  const toStorage = ['--storage-url', own.url, '--data-dir', files.dataDir]
  await runToEnd([process.execPath, program, 'migrate', ...toStorage])
  return {
    ...files,
    storageUrl: own.url,
    floorUrl: floor.url,
    remove: async () => {
      await own.remove()
      await floor.remove()
      removeFolder()
    },
  }
}

export function storageFlags({ dataDir, keyFile, storageUrl }: Place): readonly string[] {
  return ['--data-dir', dataDir, '--key-file', keyFile, '--storage-url', storageUrl]
}

/** What the server does before it calls a commit done; it is not always the disk. */
export async function durabilityOf(serverUrl: string): Promise<string> {
  const rows = await ask(
    serverUrl,
    'select version(), current_setting($$fsync$$) as fsync, current_setting($$synchronous_commit$$) as commit',
  )
  const { version, fsync, commit } = rows[0] ?? {}
  return `${String(version).split(' ').slice(0, 2).join(' ')}, fsync ${fsync}, synchronous_commit ${commit}`
}

async function makeSchema(serverUrl: string) {
  const name = `pomona_bench_${randomBytes(6).toString('hex')}`
  const own = new URL(serverUrl)
  own.searchParams.set('options', `-c search_path=${name}`)
  await ask(serverUrl, `create schema ${name}`)
  return { url: own.href, remove: () => ask(serverUrl, `drop schema ${name} cascade`) }
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
