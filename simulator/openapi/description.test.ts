import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { routes } from '../control-plane/routes.ts'
import { endpoints } from '../data-plane/endpoints.ts'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { appleObjects } from './apple-objects.ts'
import { controlObjects } from './control-objects.ts'
import { controlChapters, dataChapters, describeSimulator, exampleParams } from './description.ts'
import { misfits } from './fits.ts'
import type { Operation } from './operation.ts'
import type { Schema } from './schema.ts'

const named: Record<string, Schema> = { ...appleObjects, ...controlObjects }
const dataOperations = dataChapters.flatMap((chapter) => chapter.operations)
const controlOperations = controlChapters.flatMap((chapter) => chapter.operations)
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

describe('the description has every call and no other', () => {
  test('of the data plane', () => {
    const served = endpoints.flatMap(({ path, verbs }) =>
      Object.keys(verbs).map((method) => `${method} ${path}`),
    )
    expect(dataOperations.map(nameOf).sort()).toEqual(served.sort())
  })

  test('of the control plane', () => {
    expect(controlOperations.map(nameOf).sort()).toEqual(routes.map(nameOf).sort())
  })

  test('each with an id of its own, and every object it names exists', () => {
    const document = describeSimulator({ data: 'http://a', control: 'http://b' })
    const text = JSON.stringify(document)
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toHaveLength(dataOperations.length + controlOperations.length)
    expect(new Set(ids).size).toBe(ids.length)
    const refs = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
    expect(refs.filter((name) => !Object.hasOwn(named, name ?? ''))).toEqual([])
    expect(Object.keys(named).filter((name) => !refs.includes(name))).toEqual([])
  })
})

const library = '/worlds/main/libraries/7000000000000001'
const fault = operationNamed('POST /simulator/worlds/{world}/faults').example
const walkScript = operationNamed('POST /simulator/worlds/{world}/walk-scripts').example
const eventScript = operationNamed('POST /simulator/worlds/{world}/event-scripts').example
const event = 'e0000000-0000-4000-8000-000000000001'

let drive: TestDrive
let token: string
let receiver: Server

beforeAll(async () => {
  receiver = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
})
afterAll(() => receiver.close())
beforeEach(async () => {
  drive = await testDrive(['small', 'external-mdm'])
  token = await drive.tokenFile('7000000000000001')
})
afterEach(() => drive.stop())

/** What has to be there before an example can work. */
const before: Record<string, () => Promise<unknown>> = {
  'DELETE /simulator/worlds/{world}': () => drive.control('POST', '/worlds', { name: 'side' }),
  'POST /simulator/worlds/{world}/snapshots/{name}/restore': takeSnapshot,
  'DELETE /simulator/worlds/{world}/snapshots/{name}': takeSnapshot,
  'GET /simulator/worlds/{world}/faults': () => drive.control('POST', '/worlds/main/faults', fault),
  'DELETE /simulator/worlds/{world}/faults/{id}': () =>
    drive.control('POST', '/worlds/main/faults', fault),
  'GET /simulator/worlds/{world}/walk-scripts': addWalkScript,
  'DELETE /simulator/worlds/{world}/walk-scripts/{id}': addWalkScript,
  'GET /simulator/worlds/{world}/event-scripts': addEventScript,
  'DELETE /simulator/worlds/{world}/event-scripts/{id}': addEventScript,
  'GET /simulator/worlds/{world}/events': associate,
  'POST /simulator/worlds/{world}/events/{eventId}/finish': associate,
  'GET /mdm/v2/status': associate,
  'GET /simulator/worlds/{world}/journal': async () => {
    await associate()
    await drive.apple('/assets', token)
  },
  'GET /simulator/worlds/{world}/notifications': async () => {
    await setReceiver()
    await drive.control('POST', '/worlds/main/notifications/hold', { type: 'ASSET_COUNT' })
    await drive.control('POST', `${library}/buy`, { adamId: '9000000001', quantity: 1 })
  },
  'POST /simulator/worlds/{world}/notifications/send': setReceiver,
  'POST /simulator/worlds/{world}/notifications/redeliver': setReceiver,
}

function operationNamed(name: string): Operation {
  const found = controlOperations.find((operation) => nameOf(operation) === name)
  if (found === undefined) throw new Error(`nothing is described as ${name}`)
  return found
}

function takeSnapshot() {
  return drive.control('POST', '/worlds/main/snapshots', { name: 'before' })
}

function addWalkScript() {
  return drive.control('POST', '/worlds/main/walk-scripts', walkScript)
}

function addEventScript() {
  return drive.control('POST', '/worlds/main/event-scripts', eventScript)
}

function associate() {
  return post('/assets/associate', {
    assets: [{ adamId: '9000000001' }],
    serialNumbers: ['POMSER000009'],
  })
}

function post(path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  return drive.apple(path, token, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function setReceiver() {
  await drive.control('PATCH', '/worlds/main/settings', { allowHttpNotificationUrl: true })
  const { port } = receiver.address() as AddressInfo
  await post('/client/config', {
    notificationUrl: `http://127.0.0.1:${port}/notify`,
    notificationAuthToken: 'made-up-secret-01',
    notificationTypes: ['ASSET_COUNT'],
  })
}

function examplePath({ path, params = {} }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(params[name] ?? exampleParams[name] ?? ''),
  )
}

describe('the examples of the description work, and their answers are as described', () => {
  test.each(controlOperations.map((operation) => [nameOf(operation), operation] as const))(
    '%s',
    async (name, operation) => {
      await before[name]?.()
      const path = examplePath(operation).replace('/simulator', '')
      const { status, json } = await drive.control(operation.method, path, operation.example)
      expect([status, json?.error]).toEqual([operation.status ?? 200, undefined])
      if (operation.answer === undefined) expect(json).toBe(undefined)
      else expect(misfits(json, operation.answer, named)).toEqual([])
      if (operation.body && operation.example !== undefined) {
        expect(misfits(operation.example, operation.body, named, 'example')).toEqual([])
      }
    },
  )

  const queries: Record<string, string> = {
    'GET /mdm/v2/status': `?eventId=${event}`,
    'GET /mdm/v2/assets': '?unlimited=true',
    'GET /mdm/v2/assignments': '?includeUserState=true',
    'GET /WebObjects/MZStorePlatform.woa/wa/lookup':
      '?version=2&id=9000000001,9000000003&p=mdm-lockup&caller=MDM&cc=de',
  }

  test.each(dataOperations.map((operation) => [nameOf(operation), operation] as const))(
    '%s',
    async (name, operation) => {
      await before[name]?.()
      const path = `/../..${examplePath(operation)}${queries[name] ?? ''}`
      const isWrite = operation.body !== undefined
      const answer = await drive.apple(path, token, {
        method: operation.method,
        ...(isWrite && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(operation.example ?? {}),
        }),
      })
      expect(answer.status).toBe(operation.status ?? 200)
      if (operation.mediaType) {
        expect(answer.headers.get('content-type')).toBe(operation.mediaType)
      } else if (operation.answer) {
        expect(misfits(answer.json, operation.answer, named)).toEqual([])
      }
      if (operation.body && operation.example !== undefined) {
        expect(misfits(operation.example, operation.body, named, 'example')).toEqual([])
      }
    },
  )
})

describe('the bodies of the control plane have the described members and no others', () => {
  const stranger = 'z'.repeat(40)
  const withBody = controlOperations.filter(({ body }) => bodyMembers(body) !== undefined)

  test.each(withBody.map((operation) => [nameOf(operation), operation] as const))(
    '%s',
    async (name, operation) => {
      await before[name]?.()
      const path = examplePath(operation).replace('/simulator', '')
      const { status, json } = await drive.control(operation.method, path, { [stranger]: 1 })
      expect(status).toBe(400)
      // The refusal lists what there is instead.
      const told =
        /Choose one of: (.*)\.$/.exec(json.error)?.[1] ?? /"(\w+)"\.$/.exec(json.error)?.[1]
      expect(told?.split(', ').sort()).toEqual(bodyMembers(operation.body)?.sort())
    },
  )

  function bodyMembers(body: Schema | undefined): string[] | undefined {
    const target = body?.$ref ? named[body.$ref.split('/').at(-1) ?? ''] : body
    return target?.properties && Object.keys(target.properties)
  }
})

test('the description is valid OpenAPI', async () => {
  const document = describeSimulator({ data: 'http://a.example', control: 'http://b.example' })
  const { valid, errors } = await new Validator().validate(document)
  expect([valid, errors]).toEqual([true, undefined])
})

test('the description is served without a key and names both sides of this simulator', async () => {
  const response = await fetch(`${drive.controlUrl}/openapi.json`)
  const document = await response.json()
  expect(document).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/mdm/v2/assets': { servers: [{ url: new URL(drive.dataUrl).origin }, {}] },
      '/simulator/seeds': { servers: [{ url: new URL(drive.controlUrl).origin }] },
    },
  })
})
