import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-folder-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the data folder', () => {
  test('is made with those above it, for its owner alone', async () => {
    await makeFolder(join(folder, 'a', 'b'))
    await makeFolder(join(folder, 'a', 'b'))
    expect((await stat(join(folder, 'a', 'b'))).mode & 0o777).toBe(0o700)
  })

  test.each([
    [
      'below a file',
      async () => {
        await writeFile(join(folder, 'file'), '')
        return join(folder, 'file', 'data')
      },
    ],
    [
      'in the place of a file',
      async () => {
        await writeFile(join(folder, 'file'), '')
        return join(folder, 'file')
      },
    ],
    ['where the system takes none', async () => '/proc/pomona/data'],
  ])('%s is refused by name', async (_, place) => {
    const path = await place()
    await expect(makeFolder(path)).rejects.toMatchObject({
      code: 'misconfigured',
      property: 'data-dir',
      message: expect.stringContaining(`"${path}"`),
    })
  })
})
