import { expect, it } from 'vitest'
import { isIssuerPath, issuerPath } from './issuer-path.ts'

const tenant = '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11'

it.each([
  [`/${tenant}/v2.0/.well-known/openid-configuration`, 'discovery'],
  [`/${tenant}/discovery/v2.0/keys`, 'keys'],
  [`/${tenant}/oauth2/v2.0/token`, 'token'],
  [`/${tenant}/oauth2/v2.0/token?client-request-id=x/y?z`, 'token'],
  [`/${tenant}/oauth2/v2.0/token/`, 'token'],
  [`/${tenant}/OAuth2/V2.0/Token`, 'token'],
  [`/${tenant}/oauth2/v2.0/authorize`, 'authorize'],
])('%s is the place "%s" of its tenant', (target, place) => {
  expect(issuerPath(target)).toEqual({ tenant, place })
  expect(isIssuerPath(target)).toBe(true)
})

it('takes anything but a version for a tenant, so that a wrong one gets an answer of the issuer', () => {
  expect(issuerPath('/common/oauth2/v2.0/token')?.tenant).toBe('common')
  expect(issuerPath('/contoso.example/oauth2/v2.0/token')?.tenant).toBe('contoso.example')
})

it.each([
  '/',
  '',
  '//oauth2/v2.0/token',
  '/oauth2/v2.0/token',
  `/${tenant}/oauth2/token`,
  `/${tenant}/oauth2/v2.0/token/more`,
  `/x/${tenant}/oauth2/v2.0/token`,
  `/v1.0/x?/${tenant}/oauth2/v2.0/token`,
  '/v1.0/oauth2/v2.0/token',
  '/BETA/oauth2/v2.0/token',
  '/v1.0/deviceAppManagement/vppTokens',
  '/x/constructor',
  '/x/__proto__',
])('%s is none of its places', (target) => {
  expect(isIssuerPath(target)).toBe(false)
})
