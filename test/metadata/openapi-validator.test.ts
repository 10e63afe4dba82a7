import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { openapi } from '../../src/graph/metadata/openapi.ts'

test.each(['v1.0', 'beta', 'pomona/v1'] as const)(
  'the OpenAPI document of %s is valid OpenAPI 3.1',
  async (version) => {
    const validator = new Validator()
    const document = JSON.parse(openapi(version, 'https://vpp.example.org'))
    expect(await validator.validate(document)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(() => validator.resolveRefs()).not.toThrow()
  },
)

test('and one with a fault would be found out', async () => {
  const document = JSON.parse(openapi('v1.0', 'https://vpp.example.org'))
  document.paths['/subscribedSkus'].get.responses = 'none'
  expect(await new Validator().validate(document)).toMatchObject({ valid: false })
})
