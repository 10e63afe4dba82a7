import { expect, test } from 'vitest'
import { serviceDocument } from './service-document.ts'

test('v1.0 offers its roots, by absolute context', () => {
  expect(serviceDocument('v1.0', 'https://vpp.example.org')).toEqual({
    '@odata.context': 'https://vpp.example.org/v1.0/$metadata',
    value: [
      { name: 'deviceAppManagement', kind: 'Singleton', url: 'deviceAppManagement' },
      { name: 'subscribedSkus', kind: 'EntitySet', url: 'subscribedSkus' },
    ],
  })
})

test('beta offers the organization and deviceManagement as well', () => {
  const { value } = serviceDocument('beta', 'https://vpp.example.org')
  expect(value.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
    'EntitySet organization',
    'EntitySet subscribedSkus',
    'Singleton deviceAppManagement',
    'Singleton deviceManagement',
  ])
})
