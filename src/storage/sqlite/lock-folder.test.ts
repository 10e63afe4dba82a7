import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './lock-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a data folder that is held is refused to the next one, until it is given back', () => {
  const release = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({
      code: 'misconfigured',
      property: 'data-dir',
      message: expect.stringContaining(`"${folder}"`),
    }),
  )
  release()
  const releaseAgain = lockFolder(folder)
  releaseAgain()
})
