import type { Chapter, Operation } from './operation.ts'
import {
  flag,
  instant,
  list,
  object,
  oneOf,
  parts,
  ref,
  said,
  text,
  usually,
  whole,
} from './schema.ts'

const world = '/simulator/worlds/{world}'
const library = `${world}/libraries/{uId}`
const token = `${world}/tokens/{tokenId}`

const pricingParam = usually(oneOf('STDQ', 'PLUS'), 'STDQ')
const quantity = said({ type: ['integer', 'string'] }, 'A number, or "unlimited".')
const platform = oneOf('enterprisestore', 'volumestore')
const changed = object({ changed: whole, library: ref('Library') })
const pairs = object({
  assets: list(ref('AssetKey')),
  'serialNumbers?': list(text),
  'clientUserIds?': list(text),
})

function standing(verb: string, summary: string): Operation {
  return { method: 'POST', path: `${token}/${verb}`, summary, answer: ref('Token') }
}

function lostAccount(verb: string, summary: string): Operation {
  return {
    method: 'POST',
    path: `${world}/accounts/{account}/${verb}`,
    summary,
    params: { account: 'a1@harbour.example' },
    answer: object({ tokens: list(ref('Token')) }),
  }
}

export const libraryChapter: Chapter = {
  name: 'libraries',
  about: 'Locations, and what the portal and other servers do to them.',
  security: 'controlKey',
  operations: [
    {
      method: 'GET',
      path: `${world}/libraries`,
      summary: 'All locations',
      answer: object({ libraries: list(ref('Library')) }),
    },
    {
      method: 'POST',
      path: `${world}/libraries`,
      summary: 'Make a location',
      body: object({
        'uId?': said(text, 'Up to 18 digits.'),
        'orgName?': text,
        locationName: text,
        'country?': usually(said(text, 'Two letters.'), 'DE'),
        'defaultPlatform?': platform,
        'websiteURL?': text,
      }),
      example: { locationName: 'Aalborg Wharf', country: 'DK' },
      status: 201,
      answer: ref('Library'),
    },
    { method: 'GET', path: library, summary: 'One location', answer: ref('Library') },
    {
      method: 'PATCH',
      path: library,
      summary: 'Rename or move a location',
      body: parts({
        orgName: text,
        locationName: text,
        country: text,
        defaultPlatform: platform,
        websiteURL: text,
      }),
      example: { locationName: 'Kiel Depot North' },
      answer: ref('Library'),
    },
    {
      method: 'GET',
      path: `${library}/truth`,
      summary: 'What is really there',
      more: 'All assignments at once up to 100,000; in thousands with `pageIndex`.',
      query: { pageIndex: whole },
      answer: ref('Truth'),
    },
    {
      method: 'POST',
      path: `${library}/buy`,
      summary: 'Buy licences',
      body: object({
        adamId: text,
        'pricingParam?': pricingParam,
        quantity,
        'flags?': parts({
          productType: oneOf('App', 'Book'),
          deviceAssignable: flag,
          revocable: flag,
          supportedPlatforms: list(text),
        }),
      }),
      example: { adamId: '9000000001', quantity: 5 },
      answer: changed,
    },
    {
      method: 'POST',
      path: `${library}/refund`,
      summary: 'Give back licences that nobody has',
      more: '"unlimited" gives back all of them; an unlimited asset is a fixed one then.',
      body: object({ adamId: text, 'pricingParam?': pricingParam, quantity }),
      example: { adamId: '9000000001', quantity: 1 },
      answer: changed,
    },
    {
      method: 'POST',
      path: `${world}/transfers`,
      summary: 'Move unassigned licences to another location',
      body: object({
        fromUId: text,
        toUId: text,
        adamId: text,
        'pricingParam?': pricingParam,
        quantity: said(whole, 'At most 24,999.'),
      }),
      example: {
        fromUId: '7000000000000001',
        toUId: '7000000000000020',
        adamId: '9000000001',
        quantity: 1,
      },
      answer: object({ from: ref('Library'), to: ref('Library') }),
    },
    {
      method: 'POST',
      path: `${library}/assignments`,
      summary: 'Another server assigns',
      body: pairs,
      example: { assets: [{ adamId: '9000000002' }], serialNumbers: ['POMSER000009'] },
      answer: changed,
    },
    {
      method: 'DELETE',
      path: `${library}/assignments`,
      summary: 'Another server unassigns',
      body: pairs,
      example: { assets: [{ adamId: '9000000001' }], serialNumbers: ['POMSER000001'] },
      answer: changed,
    },
    {
      method: 'PUT',
      path: `${library}/mdm-info`,
      summary: 'Another server takes the location',
      body: object({ id: text, name: text, metadata: text }),
      example: { id: '5e1f0c4e-0000-4000-8000-0000000000ff', name: 'Old MDM', metadata: 'x' },
      answer: changed,
    },
    {
      method: 'DELETE',
      path: `${library}/mdm-info`,
      summary: 'Nobody holds the location any more',
      answer: changed,
    },
    {
      method: 'POST',
      path: `${library}/users/{clientUserId}/accept-invite`,
      summary: 'A person accepts the invitation',
      params: { clientUserId: 'u-0003' },
      body: object({ account: text }),
      example: { account: 'person@harbour.example' },
      answer: changed,
    },
    {
      method: 'POST',
      path: `${library}/generate`,
      summary: 'Put a large fleet into a location',
      more: 'Every one of `assets` apps is assigned to every one of `devices`. Rows are computed, never held.',
      body: object({ 'seed?': usually(whole, 1), assets: whole, devices: whole }),
      example: { seed: 1, assets: 10, devices: 1000 },
      answer: object({ assignmentCount: whole, library: ref('Library') }),
    },
  ],
}

export const tokenChapter: Chapter = {
  name: 'tokens',
  about: 'Content tokens and the accounts that downloaded them.',
  security: 'controlKey',
  operations: [
    {
      method: 'GET',
      path: `${library}/tokens`,
      summary: 'Tokens of a location, with their files',
      answer: object({ tokens: list(ref('Token')) }),
    },
    {
      method: 'POST',
      path: `${library}/tokens`,
      summary: 'Download a new token',
      more: 'By switch `newDownloadRevokes` it revokes older ones.',
      body: parts({
        account: usually(text, 'a1@harbour.example'),
        displayName: text,
        expiresAt: instant,
        rights: usually(oneOf('full', 'read-only'), 'full'),
        layout: usually(oneOf('compact', 'indented'), 'compact'),
      }),
      example: { account: 'b@harbour.example', rights: 'read-only' },
      status: 201,
      answer: ref('Token'),
    },
    standing('revoke', 'Revoke a token (9625)'),
    standing('expire', 'Let a token expire at once (9621)'),
    standing('forget', 'Know a token no more (9622)'),
    standing('legacy', 'Take a token for a legacy one (9647)'),
    standing('restore', 'Hold nothing against a token any more'),
    lostAccount('password-changed', 'Kill the tokens of an account'),
    lostAccount('left', 'Kill the tokens of an account'),
  ],
}
