import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withSettingsTables } from './operations-page.ts'

test('docs/operations.md shows the settings as they are (if not: npx node tools/settings-docs.js)', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  expect(page).toBe(withSettingsTables(page))
})

test('a page without a place for the settings is refused', () => {
  expect(() => withSettingsTables('# Operating Pomona')).toThrow(
    'The page has no place for the settings of the service.',
  )
})
