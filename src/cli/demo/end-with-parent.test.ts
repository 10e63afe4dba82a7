import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endWithParent, folderVariable } from './end-with-parent.ts'

const stays = "setInterval(() => {}, 60_000); console.log('ready')"
const closesItself =
  "process.on('SIGTERM', () => { console.log('closed'); process.exit(0) }); process.on('SIGHUP', () => {});"

/** What a process says and how it ends once nobody holds its standard input any more. */
async function orphaned(script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-orphan-'))
  const child = spawn(process.execPath, [...endWithParent, '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, [folderVariable]: folder },
  })
  let said = ''
  const ready = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
      if (said.includes('ready')) resolve()
    }),
  )
  await ready
  const wasThere = existsSync(folder)
  child.stdin.destroy()
  const [exitCode] = await once(child, 'close')
  return { said, exitCode, wasThere, isThere: existsSync(folder) }
}

test('a process of the demo closes properly when the demo is gone, and the folder goes with it', async () => {
  expect(await orphaned(closesItself + stays)).toEqual({
    ...{ said: 'ready\nclosed\n', exitCode: 0, wasThere: true, isThere: false },
  })
})

test('so it does while it does not listen for signals yet', async () => {
  expect(await orphaned(stays)).toEqual({
    ...{ said: 'ready\n', exitCode: 1, wasThere: true, isThere: false },
  })
})

test('it ends by itself as ever when it has nothing to do', async () => {
  const child = spawn(process.execPath, [...endWithParent, '--eval', '0'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  expect(await once(child, 'exit')).toEqual([0, null])
})
