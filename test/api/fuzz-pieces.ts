/** What requests that nobody should send are made of: bytes, texts, segments and the addresses that there are. */
import fc from 'fast-check'
import type { FuzzTarget } from './fuzz-service.ts'

const crlf = '\r\n'

/** Latin-1 text stands for bytes. */
export function request(
  { port, accessToken }: FuzzTarget,
  verb: string,
  target: string,
  headers: readonly string[] = [],
  body: Buffer = Buffer.alloc(0),
): Buffer {
  const isGiven = (name: string) =>
    headers.some((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  const usual = [
    `Host: localhost:${port}`,
    `Authorization: Bearer ${accessToken}`,
    `Content-Length: ${body.length}`,
  ].filter((one) => !isGiven(one.slice(0, one.indexOf(':'))))
  const lines = [`${verb} ${target} HTTP/1.1`, ...usual, ...headers, 'Connection: close']
  const head = lines.join(crlf)
  return Buffer.concat([Buffer.from(`${head}${crlf}${crlf}`, 'latin1'), body])
}

/** What a client asks every day. */
export const plainRead = (target: FuzzTarget) =>
  request(target, 'GET', `/v1.0/deviceAppManagement/vppTokens/${target.tokenId}`)

export const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
export const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength, unit: 'binary' }),
    fc.string({ maxLength, unit: 'grapheme-ascii' }),
    fc.constantFrom('\u0000', '\ud800', "''", "'", '%', '%00', '\u2028', 'é', '../..', '{}'),
  )
/** Bytes that may stand in a request line: the parser in front takes no others. */
export const lineBytes = fc
  .array(fc.integer({ min: 0x21, max: 0xff }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))
export const percent = fc.oneof(
  text(20).map((one) => encodeURIComponent(one.toWellFormed())),
  fc.constantFrom('%', '%zz', '%00', '%ff%fe', '%ed%a0%80', '%2f', '%25'),
  lineBytes,
)

const names = fc.constantFrom(
  ...['v1.0', 'beta', 'pomona', 'v1', 'deviceAppManagement', 'vppTokens', 'mobileApps', 'apps'],
  ...['managedEBooks', 'organization', 'appleVolumePurchaseProgramTokens', 'tokens', '$count'],
  ...['microsoft.graph.iosVppApp', 'graph.macOsVppApp', 'assignedLicenses', 'vppToken', '$batch'],
  ...['syncLicenses', 'syncApps', 'revokeLicenses', 'syncLicenseCounts', 'checkToken', '$metadata'],
  ...['deviceManagement', 'depOnboardingSettings', 'getExpiringVppTokenCount', 'subscribedSkus'],
  ...['00000000-0000-4000-8000-000000000404', 'oauth2', 'v2.0', 'docs', 'health', 'ready'],
)
export const segment = fc.oneof(
  { weight: 4, arbitrary: names },
  { weight: 1, arbitrary: percent },
  { weight: 1, arbitrary: fc.tuple(names, percent).map(([name, inner]) => `${name}(${inner})`) },
  {
    weight: 1,
    arbitrary: percent.map((value) => `getLicensesForApp(bundleId='${value}')`),
  },
)
export const verb = fc.constantFrom(
  'GET',
  'GET',
  'POST',
  'PATCH',
  'DELETE',
  'PUT',
  'HEAD',
  'OPTIONS',
)

export const root = ({ tenantId, tokenId }: FuzzTarget) =>
  fc.constantFrom(
    ...['/beta', '/v1.0', '/pomona/v1', '/Beta/deviceAppManagement', ''],
    ...['/beta/deviceAppManagement/vppTokens', `/beta/deviceAppManagement/vppTokens/${tokenId}`],
    ...['/v1.0/deviceAppManagement/mobileApps', '/beta/deviceAppManagement/managedEBooks'],
    `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
    `/beta/organization('${tenantId}')`,
  )

export const lists = ({ tenantId }: FuzzTarget) => [
  '/beta/deviceAppManagement/vppTokens',
  '/v1.0/deviceAppManagement/vppTokens/$count',
  `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
  '/beta/deviceAppManagement/mobileApps',
  '/v1.0/deviceAppManagement/mobileApps',
  '/beta/deviceAppManagement/mobileApps/microsoft.graph.iosVppApp',
  '/beta/deviceAppManagement/managedEBooks',
  "/beta/deviceAppManagement/vppTokens/getLicensesForApp(bundleId='test.pomona.tidepool')",
  '/pomona/v1/tokens',
  '/pomona/v1/apps',
]
