import { expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const asked = { method: 'GET', path: '/pomona/v1/apps?$top=999', tenantId: 't-1' }
const told = (status: number, text: string) => refusal(asked, status, text).message
const error = (message: string) => JSON.stringify({ error: { code: 'X', message } })

test.each([
  [404, error('There is none.'), 'There is none. (GET /pomona/v1/apps, HTTP 404)'],
  [502, '<html>bad gateway', '<html>bad gateway (GET /pomona/v1/apps, HTTP 502)'],
  [503, '', 'No reason was given. (GET /pomona/v1/apps, HTTP 503)'],
  [403, error('It is suspended.'), 'It is suspended. (GET /pomona/v1/apps, HTTP 403)'],
  [
    403,
    error('Application must have one of the following scopes: A.Read, A.ReadWrite'),
    "This client may not do that: it needs a role such as A.Read. Register one that has it, where the service's database is: pomona client add --tenant t-1 --role A.Read --profile NAME. (GET /pomona/v1/apps, HTTP 403)",
  ],
  [
    403,
    error('Application must have one of the following scopes: A.Read'),
    "This client may not do that: it needs a role such as A.Read. Register one that has it, where the service's database is: pomona client add --tenant t-1 --role A.Read --profile NAME. (GET /pomona/v1/apps, HTTP 403)",
  ],
])('an answer %i %s is told as %s', (status, text, message) => {
  expect(told(status, text)).toBe(message)
})

test.each([
  ['GET', undefined, 'A.Read'],
  ['DELETE', undefined, 'A.ReadWrite'],
  // A command that writes in the end asks first, and is told at once what the whole of it needs.
  ['GET', 'B.ReadWrite', 'B.ReadWrite'],
  ['GET', 'C.ReadWrite', 'A.Read'],
])('to %s on the way to what needs %s, the role advised is %s', (method, role, advised) => {
  const said = 'must have one of the following scopes: A.Read, A.ReadWrite, B.ReadWrite'
  const given = { ...asked, method, ...(role === undefined ? {} : { role }) }
  expect(refusal(given, 403, error(said)).message).toContain(`--role ${advised} --profile NAME`)
})
