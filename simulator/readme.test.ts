import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from './control-plane/routes.ts'
import { endpoints } from './data-plane/endpoints.ts'
import { seeds } from './seeds/seeds.ts'
import { type TestDrive, testDrive } from './test-drive.ts'
import { defaultSettings } from './world/settings.ts'
import { switchNames } from './world/switches.ts'

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
let drive: TestDrive

beforeAll(async () => {
  drive = await testDrive(['empty'])
})
afterAll(() => drive.stop())

const unnamed = (names: readonly string[]) => names.filter((name) => !readme.includes(`\`${name}`))

describe('the README names', () => {
  test('every seed, every switch and every setting', () => {
    expect(unnamed(seeds.map((seed) => seed.name))).toEqual([])
    expect(unnamed(switchNames)).toEqual([])
    expect(unnamed(Object.keys(defaultSettings()))).toEqual([])
  })

  test('every assertion', async () => {
    const { json } = await drive.control('POST', '/worlds/main/journal/assert', [
      { assert: 'z'.repeat(40) },
    ])
    const names: string[] = /Choose one of: (.*)\.$/.exec(json.error)?.[1]?.split(', ') ?? []
    expect(names).toHaveLength(18)
    expect(unnamed(names)).toEqual([])
  })

  test('the last word of every path', () => {
    const paths = [...endpoints, ...routes].map(({ path }) => path)
    const words = paths.map(
      (path) =>
        path
          .replaceAll(/\/\{\w+\}/g, '')
          .split('/')
          .at(-1) ?? '',
    )
    // Subscriptions are told of as one.
    const told = words.filter((_, index) => !paths[index]?.includes('/subscriptions/'))
    expect([...new Set(told)].filter((word) => !readme.includes(`/${word}`))).toEqual([])
  })
})
