import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import { match } from './match.ts'
import { readTarget } from './path.ts'

function found(target: string, verb: 'GET' | 'POST' | 'DELETE' | 'PATCH') {
  const route = match(readTarget(target))
  const operation = route.operations.get(verb)
  return { name: operation?.name, face: operation?.set?.face, ...route.values }
}

function refusal(target: string) {
  try {
    match(readTarget(target))
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`
    throw error
  }
  return 'matched'
}

const id = '7284da05-da05-7284-05da-847205da8472'
const old = `/beta/organization/${id}/appleVolumePurchaseProgramTokens`

describe('a path', () => {
  test.each([
    [`${old}`, 'POST', { name: 'createToken', face: 'old', orgId: id }],
    [`${old}/`, 'POST', { name: 'createToken', face: 'old', orgId: id }],
    [`${old}/{id}`, 'POST', { name: 'createTokenByKey', face: 'old', orgId: id, id: '{id}' }],
    [`${old}/%7Bid%7D`, 'POST', { name: 'createTokenByKey', face: 'old', orgId: id, id: '{id}' }],
    [
      `/BETA/Organization('${id}')/applevolumepurchaseprogramtokens('${id}')`,
      'GET',
      { name: 'getToken', face: 'old', orgId: id, id },
    ],
    ['/v1.0/deviceAppManagement/vppTokens', 'GET', { name: 'listTokens', face: 'v1.0' }],
    ['/V1.0/DeviceAppManagement/VppTokens/?=25', 'GET', { name: 'listTokens', face: 'v1.0' }],
    [
      `/beta/deviceAppManagement/vppTokens(%27${id}%27)`,
      'DELETE',
      { name: 'deleteToken', face: 'beta', id },
    ],
    [
      `/beta/deviceAppManagement/vppTokens(id='${id}')`,
      'GET',
      { name: 'getToken', face: 'beta', id },
    ],
    [
      `/beta/deviceAppManagement/vppTokens/${id}/microsoft.graph.syncLicenses`,
      'POST',
      { name: 'syncLicenses', face: 'beta', id },
    ],
    [
      `/beta/deviceAppManagement/vppTokens('${id}')/syncLicenses()`,
      'POST',
      { name: 'syncLicenses', face: 'beta', id },
    ],
    [`${old}/${id}/syncApps`, 'POST', { name: 'syncApps', face: 'old', orgId: id, id }],
    ['/beta/deviceAppManagement/vppTokens/$count', 'GET', { name: 'countTokens', face: 'beta' }],
    ['/beta/deviceAppManagement/vppTokens/%24count', 'GET', { name: 'countTokens', face: 'beta' }],
    [
      "/beta/deviceAppManagement/vppTokens/microsoft.graph.getLicensesForApp(bundleId='a''b')",
      'GET',
      { name: 'getLicensesForApp', face: undefined, bundleId: "a'b" },
    ],
    ['/v1.0/deviceAppManagement/mobileApps/graph.iosVppApp', 'GET', { name: 'listIosVppApps' }],
    [
      '/v1.0/deviceAppManagement/mobileApps/iosVppApp',
      'GET',
      { name: 'getMobileApp', appId: 'iosVppApp' },
    ],
    [`/pomona/v1/tokens/${id}`, 'GET', { name: 'getToken', face: 'pomona', id }],
  ] as const)('%s with %s is found', (target, verb, expected) => {
    expect(found(target, verb)).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
  })

  test.each([
    ['/v2.0/deviceAppManagement/vppTokens', 'unknownVersion: Invalid version: v2.0'],
    ['/', 'unknownVersion: Invalid version: '],
    [
      '/v1.0/deviceAppManagement/vppToken',
      "unknownSegment: Resource not found for the segment 'vppToken'.",
    ],
    [
      `/v1.0/organization/${id}/appleVolumePurchaseProgramTokens`,
      "unknownSegment: Resource not found for the segment 'organization'.",
    ],
    [
      `/beta/organization/${id}/appleVolumePurchaseProgramTokens${id}`,
      `unknownSegment: Resource not found for the segment 'appleVolumePurchaseProgramTokens${id}'.`,
    ],
    [
      `/v1.0/deviceAppManagement/vppTokens/${id}/syncApps`,
      "unknownSegment: Resource not found for the segment 'syncApps'.",
    ],
    [
      `/v1.0/deviceAppManagement/vppTokens/${id}syncLicenses/x`,
      `unknownSegment: Resource not found for the segment '${id}syncLicenses'.`,
    ],
    [
      '/v1.0//deviceAppManagement/vppTokens',
      "unknownSegment: Resource not found for the segment ''.",
    ],
    [
      '/v1.0/deviceAppManagement',
      "unknownSegment: Resource not found for the segment 'deviceAppManagement'.",
    ],
    [
      `/v1.0/x(${'a'.repeat(31_000)})`,
      `unknownSegment: Resource not found for the segment 'x(${'a'.repeat(126)}'.`,
    ],
    [
      `/v1.0/x(${"a='".repeat(600)})`,
      `unknownSegment: Resource not found for the segment 'x(${"a='".repeat(42)}'.`,
    ],
  ])('%s is refused', { timeout: 5_000 }, (target, expected) => {
    expect(refusal(target)).toBe(expected)
  })
})
