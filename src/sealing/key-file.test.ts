import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findKeyFile, makeKeyFile } from './key-file.ts'

describe('the key file', () => {
  let folder = ''
  let path = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-key-'))
    path = join(folder, 'config', 'pomona', 'key.json')
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('is not there at first, and is found once it was made', async () => {
    expect(await findKeyFile(path)).toBeUndefined()
    const made = await makeKeyFile(path)
    expect(made.keys).toHaveLength(1)
    expect(made.keys[0]).toMatchObject({ id: made.current })
    expect(made.keys[0]?.secret).toHaveLength(32)
    expect(made.hashSecret).toHaveLength(32)
    expect(await findKeyFile(path)).toEqual(made)
  })

  test('is readable by its owner alone, as are the folders made for it, and nothing else is left there', async () => {
    await makeKeyFile(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'config'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'config', 'pomona'))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(folder, 'config', 'pomona'))).toEqual(['key.json'])
  })

  test('is never overwritten: who comes second gets the keys of the first', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => makeKeyFile(path)))
    const kept = await findKeyFile(path)
    expect(made).toEqual([kept, kept, kept, kept])
  })

  test('differs from every other one', async () => {
    const one = await makeKeyFile(path)
    const other = await makeKeyFile(`${path}.other`)
    expect(other.current).not.toBe(one.current)
    expect(other.keys[0]?.secret).not.toEqual(one.keys[0]?.secret)
    expect(other.hashSecret).not.toEqual(one.hashSecret)
    expect(one.hashSecret).not.toEqual(one.keys[0]?.secret)
  })

  test.each([0o640, 0o604, 0o620, 0o601, 0o644])(
    'is refused when others have a right to it (%o)',
    async (mode) => {
      await makeKeyFile(path)
      await chmod(path, mode)
      await expect(findKeyFile(path)).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining(`mode ${mode.toString(8)}). Take that away: chmod 600`),
      })
    },
  )

  test.each([0o600, 0o400])('is accepted with mode %o', async (mode) => {
    const made = await makeKeyFile(path)
    await chmod(path, mode)
    expect(await findKeyFile(path)).toEqual(made)
  })

  test('that is damaged is refused, and making one does not replace it', async () => {
    await mkdir(join(folder, 'config', 'pomona'), { recursive: true })
    await writeFile(path, '{"format":', { mode: 0o600 })
    await expect(findKeyFile(path)).rejects.toMatchObject({ code: 'misconfigured' })
    await expect(makeKeyFile(path)).rejects.toMatchObject({ code: 'misconfigured' })
    expect(await readFile(path, 'utf8')).toBe('{"format":')
  })

  test('that is a folder is refused', async () => {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await expect(findKeyFile(path)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('cannot be read'),
    })
  })

  test('in a place that cannot be written is refused', async () => {
    await writeFile(join(folder, 'config'), '')
    await expect(makeKeyFile(path)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('cannot be made'),
    })
  })
})
