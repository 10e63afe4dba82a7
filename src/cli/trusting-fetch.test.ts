import { afterEach, expect, test } from 'vitest'
import { trustingFetch } from './trusting-fetch.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Web clients refuse to call port 1, so nothing is sent. */
function refusedWith(originFrom?: string) {
  const { fetch, close } = trustingFetch(undefined, originFrom)
  closing.push(close)
  return fetch('http://127.0.0.1:1/')
}

test('an address that cannot be called is told together with who named it', async () => {
  await expect(refusedWith("The address comes from the profile 'hq'.")).rejects.toMatchObject({
    ...{ code: 'misconfigured', property: 'origin' },
    message: expect.stringMatching(/--origin\. The address comes from the profile 'hq'\.$/),
  })
})

test('one that was given by hand is told alone', async () => {
  await expect(refusedWith()).rejects.toThrow(/name it by --origin\.$/)
})
