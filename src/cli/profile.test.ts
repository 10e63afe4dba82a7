import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { draftProfile, profilePath, readProfile, writeProfile } from './profile.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-profile-'))
  vi.stubEnv('XDG_CONFIG_HOME', folder)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const profile = {
  origin: 'https://localhost:8443',
  tenant: 'T',
  'client-id': 'C',
  'client-secret': 'hunter2',
  'ca-file': '/data/ca.pem',
}

describe('a profile', () => {
  test('is a file that only its owner may read, in a folder that only its owner may enter', async () => {
    const draft = await draftProfile('hq')
    await draft.write(profile)
    expect(draft.path).toBe(join(folder, 'pomona', 'profiles', 'hq.json'))
    expect((await stat(draft.path)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(draft.path))).mode & 0o777).toBe(0o700)
    expect(await readProfile('hq')).toEqual(profile)
  })

  test('is not written over', async () => {
    await (await draftProfile('hq')).write(profile)
    await expect(draftProfile('hq')).rejects.toMatchObject({ code: 'conflict' })
    expect(await readProfile('hq')).toEqual(profile)
  })

  test('gives its name back when nothing came of it', async () => {
    await (await draftProfile('hq')).discard()
    await expect(readProfile('hq')).rejects.toThrow("There is no profile 'hq' that can be read")
    await expect(draftProfile('hq')).resolves.toHaveProperty('path')
  })

  test('can be replaced whole, and stays closed to others', async () => {
    await (await draftProfile('hq')).write(profile)
    await writeProfile(profilePath('hq'), { ...profile, 'client-secret': 'hunter3' })
    expect((await readProfile('hq'))['client-secret']).toBe('hunter3')
    expect((await stat(profilePath('hq'))).mode & 0o777).toBe(0o600)
  })

  test('that is open to others is refused, with the command that closes it', async () => {
    await (await draftProfile('hq')).write(profile)
    await chmod(profilePath('hq'), 0o640)
    await expect(readProfile('hq')).rejects.toThrow(`chmod 600 '${profilePath('hq')}'`)
  })

  test('that is damaged is refused, and nothing of it is repeated', async () => {
    await (await draftProfile('hq')).write(profile)
    const text = await readFile(profilePath('hq'), 'utf8')
    for (const damaged of [text.slice(0, -5), text.replace('origin', 'orgin')]) {
      await writeFile(profilePath('hq'), damaged)
      const error = await readProfile('hq').catch((caught: unknown) => caught)
      expect(String(error)).toContain('has no "origin"')
      expect(String(error)).not.toContain('hunter2')
    }
  })

  test.each(['', '../hq', 'a/b', '.hidden', 'a'.repeat(65)])('cannot be called %j', (name) => {
    expect(() => profilePath(name)).toThrow('cannot be a file name everywhere')
  })
})
