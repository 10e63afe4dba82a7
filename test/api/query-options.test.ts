import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const beta = '/beta/deviceAppManagement/vppTokens'
const old = `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`

const stored = [
  { displayName: 'Kiel', state: 'valid', expirationDateTime: '2027-03-01T08:00:00Z' },
  { displayName: 'Lübeck', state: 'duplicateLocationId', countryOrRegion: 'de' },
  { displayName: 'Bremen', state: 'invalid', expirationDateTime: '2027-02-28T23:30:00-09:00' },
  { displayName: null, state: 'expired', appleId: "o'neill@harbour.example" },
  { displayName: 'kiel 2', state: 'valid', vppTokenAccountType: 'education' },
]

describe('the options of a list of tokens', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    for (const body of stored) await service.ask('POST', beta, { body })
  })
  afterAll(() => service.close())

  const names = async (query: string, root = beta) => {
    const { status, json } = await service.ask('GET', `${root}?${query}`)
    if (status !== 200) return [status, json.error.message]
    return json.value.map((row: { displayName: unknown }) => row.displayName)
  }

  test.each([
    ["$filter=state eq 'valid'", ['Kiel', 'kiel 2']],
    ["$filter=state in ('valid','invalid')", ['Kiel', 'Bremen', 'kiel 2']],
    ["$filter=not (state eq 'valid')", ['Lübeck', 'Bremen', null]],
    ["$filter=state ne 'valid' and displayName ne null", ['Lübeck', 'Bremen']],
    ["$filter=displayName ne 'Kiel'", ['Lübeck', 'Bremen', null, 'kiel 2']],
    ["$filter=startswith(displayName,'Kiel')", ['Kiel']],
    ["$filter=not startswith(displayName,'Kiel')", ['Lübeck', 'Bremen', 'kiel 2']],
    [
      "$filter=contains(displayName,'iel') or endswith(displayName,'beck')",
      ['Kiel', 'Lübeck', 'kiel 2'],
    ],
    ["$filter=appleId eq 'o''neill@harbour.example'", [null]],
    ['$filter=expirationDateTime ge 2027-03-01T08:00:00Z', ['Kiel', 'Bremen']],
    ['$filter=expirationDateTime gt 2027-03-01T08:00:00Z', ['Bremen']],
    ["$filter=vppTokenAccountType eq microsoft.graph.vppTokenAccountType'education'", ['kiel 2']],
    ["filter=STATE eq 'valid'", ['Kiel', 'kiel 2']],
    ['%24filter=state%20eq%20%27valid%27', ['Kiel', 'kiel 2']],
    ["$filter=state+eq+'valid'&$top=1", ['Kiel']],
    ['$orderby=displayName', [null, 'Bremen', 'Kiel', 'Lübeck', 'kiel 2']],
    ['$orderby=displayName desc', ['kiel 2', 'Lübeck', 'Kiel', 'Bremen', null]],
    ['$orderby=state desc,displayName', ['Lübeck', 'Bremen', null, 'Kiel', 'kiel 2']],
    ['$orderby=expirationDateTime desc&$top=2', ['Bremen', 'Kiel']],
    ['$orderby=id&$skip=3', [null, 'kiel 2']],
    ['$orderby=displayName&$skip=1&$top=2', ['Bremen', 'Kiel']],
  ])('%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  test('see the values of the shape that is asked (G3): v1.0 finds duplicates as invalid', async () => {
    const ids = async (root: string, filter: string) => {
      const { json } = await service.ask('GET', `${root}?$filter=${filter}`)
      return json.value.map(({ state }: { state: string }) => state)
    }
    expect(await ids(v1, "state eq 'invalid'")).toEqual(['invalid', 'invalid'])
    expect(await ids(old, "state eq 'invalid'")).toEqual(['invalid', 'invalid'])
    expect(await ids(beta, "state eq 'invalid'")).toEqual(['invalid'])
    expect(await ids(old, "volumePurchaseProgramTokenAccountType eq 'education'")).toEqual([
      'valid',
    ])
  })

  test.each([
    [
      "$filter=nope eq 'x'",
      "Invalid filter clause: Could not find a property named 'nope' on type 'microsoft.graph.vppToken'.",
    ],
    [
      '$orderby=nope',
      "Invalid orderby clause: Could not find a property named 'nope' on type 'microsoft.graph.vppToken'.",
    ],
    [
      '$select=nope',
      "Parsing OData Select and Expand failed: Could not find a property named 'nope' on type 'microsoft.graph.vppToken'.",
    ],
    ["$filter=token eq 'x'", expect.stringContaining("'token'")],
    ['$orderby=token', expect.stringContaining("'token'")],
    ["$filter=state eq 'nope'", expect.stringContaining("'nope'")],
    ['$filter=expirationDateTime gt 2027-03-01', expect.stringContaining('offset')],
    ['$search="Kiel"', expect.stringContaining('$search')],
    ['$expand=apps', expect.stringContaining("'apps' cannot be expanded")],
    ['$skip=-1', expect.stringContaining('whole number from 0')],
    ['$top=0', expect.stringContaining('whole number from 1')],
  ])('%s is refused with what is wrong', async (query, message) => {
    expect(await names(query)).toEqual([400, message])
  })

  test('a page leads to the next one in the order that was asked, with the same options', async () => {
    const query =
      '$orderby=displayName desc&$top=2&$filter=state ne null&$select=displayName&$count=true'
    const first = await service.ask('GET', `${beta}?${query}`)
    expect(first.json['@odata.count']).toBe(5)
    const pages = [first.json.value]
    for (let next = first.json['@odata.nextLink']; next; ) {
      expect(next).toContain('$orderby=displayName+desc')
      const { json } = await service.ask('GET', next.slice(service.origin.length))
      pages.push(json.value)
      next = json['@odata.nextLink']
    }
    expect(
      pages.map((page) => page.map((row: { displayName: unknown }) => row.displayName)),
    ).toEqual([['kiel 2', 'Lübeck'], ['Kiel', 'Bremen'], [null]])
  })

  test('a page token of another order is refused, not misread', async () => {
    const { json } = await service.ask('GET', `${beta}?$orderby=displayName&$top=1`)
    const token = new URL(json['@odata.nextLink']).searchParams.get('$skiptoken')
    expect(await names(`$orderby=displayName,state&$skiptoken=${token}`)).toEqual([
      400,
      expect.stringContaining('nextLink'),
    ])
  })

  test('$count counts what the filter leaves, as number and as segment', async () => {
    const list = await service.ask('GET', `${beta}?$count=true&$top=1&$filter=state eq 'valid'`)
    expect([list.json['@odata.count'], list.json.value.length]).toEqual([2, 1])
    const segment = await service.ask('GET', `${beta}/$count?$filter=state eq 'valid'`)
    expect([segment.status, segment.headers['content-type'], segment.text]).toEqual([
      200,
      'text/plain',
      '2',
    ])
  })
})
