import { expect, test } from 'vitest'
import { versionId } from './versions.ts'

test('versions of locations whose numbers end alike differ (Apple contract 3.3)', () => {
  const uIds = ['7000000000000001', '8000000000000001', '1000001', '4000001']
  const ids = uIds.map((uId) => versionId('assignments', uId, 1))
  expect(new Set(ids).size).toBe(4)
  expect(ids[0]).toBe('a6000000-0000-4000-8000-000000000001')
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
})
