/** Acceptance case A1 (graph section 2), all nine rows, against any running service whose tenant is registered. */
import { expect, test } from 'vitest'
import { type RunningService, tenantId } from './running-service.ts'

/** The body of the seed page, byte for byte with its CRLF line ends. */
export const seedBody = [
  '{',
  '  "@odata.type": "#microsoft.graph.appleVolumePurchaseProgramToken",',
  '  "organizationName": "Organization Name value",',
  '  "volumePurchaseProgramTokenAccountType": "education",',
  '  "appleId": "Apple Id value",',
  '  "expirationDateTime": "2016-12-31T23:57:57.2481234-08:00",',
  '  "lastSyncDateTime": "2017-01-01T00:02:49.3205976-08:00",',
  '  "token": "Token value",',
  '  "lastModifiedDateTime": "2017-01-01T00:00:35.1329464-08:00",',
  '  "state": "valid",',
  '  "lastSyncStatus": "inProgress"',
  '}',
].join('\r\n')

const exampleId = '7284da05-da05-7284-05da-847205da8472'
const set = `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function acceptanceA1(service: () => RunningService): void {
  const post = (path: string) =>
    service().ask('POST', path, {
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: seedBody,
    })

  test('the documented body is 481 bytes long, as its page says', () => {
    expect(Buffer.byteLength(seedBody)).toBe(481)
  })

  test.each([
    ['the keyed path with a made-up id', `${set}/{id}`],
    ['the keyed path with the id of the example', `${set}/${exampleId}`],
    ['the set', set],
    ['the set with a trailing slash', `${set}/`],
    ['the set with the key in parentheses', `${set}('${exampleId}')`],
  ])('POST to %s answers as the page documents', async (_, path) => {
    const answered = await post(path)

    expect(answered.status).toBe(201)
    expect(answered.headers['content-type']).toBe(
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    )
    const { id } = answered.json
    expect(id).toMatch(guid)
    expect(id).not.toBe(exampleId)
    expect(answered.headers.location).toBe(
      `${service().origin}/beta/organization('${tenantId}')/appleVolumePurchaseProgramTokens('${id}')`,
    )
    expect(Object.entries(answered.json)).toEqual([
      [
        '@odata.context',
        `${service().origin}/beta/$metadata#organization('${tenantId}')/appleVolumePurchaseProgramTokens/$entity`,
      ],
      ['@odata.type', '#microsoft.graph.appleVolumePurchaseProgramToken'],
      ['id', id],
      ['organizationName', 'Organization Name value'],
      ['volumePurchaseProgramTokenAccountType', 'education'],
      ['appleId', 'Apple Id value'],
      ['expirationDateTime', '2016-12-31T23:57:57.2481234-08:00'],
      ['lastSyncDateTime', '2017-01-01T00:02:49.3205976-08:00'],
      ['token', 'Token value'],
      ['lastModifiedDateTime', '2017-01-01T00:00:35.1329464-08:00'],
      ['state', 'valid'],
      ['lastSyncStatus', 'inProgress'],
      ['automaticallyUpdateApps', false],
      ['countryOrRegion', null],
    ])
  })

  test('two requests make two tokens', async () => {
    const [one, two] = [await post(`${set}/{id}`), await post(`${set}/{id}`)]
    expect(one.json.id).not.toBe(two.json.id)
  })
}
