import { describe, expect, test } from 'vitest'
import { entityType } from '../entity-type.ts'
import { complex, complexes } from '../kinds.ts'
import { mimeContent, vppLicensingType } from '../vpp-content-types.ts'
import { vppTokenActionResult } from '../vpp-token-types.ts'
import { encode } from './encode.ts'

const given = { faces: { 'v1.0': true, beta: true }, write: 'service', description: 'x' } as const
const picture = entityType({
  names: { 'v1.0': 'picture', beta: 'picture' },
  properties: {
    icon: complex(mimeContent, given),
    licensing: complex(vppLicensingType, given),
    results: complexes(vppTokenActionResult, { ...given, maxItems: 9 }),
  },
})
const date = { instant: '2026-12-01T09:00:00.0000000Z', offsetMinutes: 0 }
const result = {
  actionName: 'x',
  actionState: 'done',
  startDateTime: date,
  lastUpdatedDateTime: date,
}

describe('a complex value', () => {
  test('keeps a field of its own that is called type', () => {
    const icon = { type: 'image/png', value: 'aWNvbg==' }
    const shown = (level: 'minimal' | 'full') => encode(picture, 'beta', { icon }, { level }).icon
    expect(shown('minimal')).toEqual({ type: 'image/png', value: 'aWNvbg==' })
    expect(shown('full')).toEqual({
      '@odata.type': '#microsoft.graph.mimeContent',
      type: 'image/png',
      value: 'aWNvbg==',
    })
  })

  test('shows a field only in the faces it names', () => {
    const licensing = {
      supportsUserLicensing: true,
      supportsDeviceLicensing: false,
      supportUserLicensing: true,
      supportDeviceLicensing: false,
    }
    const shown = (face: 'v1.0' | 'beta') =>
      encode(picture, face, { licensing }, { level: 'minimal' }).licensing
    expect(shown('beta')).toEqual(licensing)
    expect(shown('v1.0')).toEqual({ supportsUserLicensing: true, supportsDeviceLicensing: false })
  })

  test('names its type where that is a derived one', () => {
    const results = [
      { type: 'vppTokenActionResult', ...result },
      {
        type: 'vppTokenRevokeLicensesActionResult',
        ...result,
        totalLicensesCount: 3,
        failedLicensesCount: 1,
        actionFailureReason: 'appleFailure',
      },
    ]
    const [plain, derived] = encode(picture, 'beta', { results }, { level: 'minimal' })
      .results as readonly object[]
    expect(plain).not.toHaveProperty('@odata.type')
    expect(derived).toMatchObject({
      '@odata.type': '#microsoft.graph.vppTokenRevokeLicensesActionResult',
      failedLicensesCount: 1,
    })
  })
})
