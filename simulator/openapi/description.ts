import { appleObjects } from './apple-objects.ts'
import { appleChapter, openChapter, storeChapter } from './apple-operations.ts'
import { controlObjects } from './control-objects.ts'
import { libraryChapter, tokenChapter } from './location-operations.ts'
import type { Chapter, Operation } from './operation.ts'
import { ref, type Schema, text } from './schema.ts'
import { journalChapter, notificationChapter, scriptChapter } from './script-operations.ts'
import { doorChapter, worldChapter } from './world-operations.ts'

export const dataChapters: readonly Chapter[] = [openChapter, appleChapter, storeChapter]
export const controlChapters: readonly Chapter[] = [
  doorChapter,
  worldChapter,
  libraryChapter,
  tokenChapter,
  scriptChapter,
  notificationChapter,
  journalChapter,
]

/** What stands in a path where an operation has no example of its own. */
export const exampleParams: Record<string, string> = {
  world: 'main',
  uId: '7000000000000001',
  tokenId: 'small-01',
}

export interface Origins {
  data: string
  control: string
}

/** Both sides of the simulator in OpenAPI 3.1. */
export function describeSimulator(origins: Origins) {
  return {
    openapi: '3.1.0',
    info: {
      title: "Simulator of Apple's App and Book Management API",
      version: '2',
      summary: 'The data plane plays Apple; the control plane plays with Apple.',
    },
    tags: [...dataChapters, ...controlChapters].map(({ name, about }) => ({
      name,
      description: about,
    })),
    paths: {
      ...pathsOf(dataChapters, dataServers(origins.data), ref('ErrorResponse')),
      ...pathsOf(controlChapters, [{ url: origins.control }], ref('Problem')),
    },
    components: {
      securitySchemes: {
        contentToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The text of a .vpptoken file as it stands.',
        },
        itvtCookie: { type: 'apiKey', in: 'cookie', name: 'itvt' },
        controlKey: { type: 'apiKey', in: 'header', name: 'X-Simulator-Key' },
      },
      schemas: { ...appleObjects, ...controlObjects },
    },
  }
}

function dataServers(origin: string) {
  return [
    { url: origin, description: 'World main' },
    { url: `${origin}/worlds/{world}`, variables: { world: { default: 'main' } } },
  ]
}

function pathsOf(chapters: readonly Chapter[], servers: unknown, refusal: Schema) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const chapter of chapters) {
    for (const operation of chapter.operations) {
      const item = paths[operation.path] ?? { servers }
      item[operation.method.toLowerCase()] = operationObject(operation, chapter, refusal)
      paths[operation.path] = item
    }
  }
  return paths
}

function operationObject(operation: Operation, chapter: Chapter, refusal: Schema) {
  const { method, path, summary, more, body, example } = operation
  return {
    operationId: operationIdOf(method, path),
    tags: [chapter.name],
    summary,
    ...(more !== undefined && { description: more }),
    security: securityOf(chapter),
    parameters: parametersOf(operation),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: body, ...(example !== undefined && { example }) },
        },
      },
    }),
    responses: responsesOf(operation, refusal),
  }
}

function operationIdOf(method: string, path: string): string {
  const words = path.replaceAll(/[{}]/g, '').split(/[/.-]/).filter(Boolean)
  return [method.toLowerCase(), ...words].join('-')
}

/** The lookup works without its cookie, too. */
function securityOf({ security }: Chapter): Record<string, never[]>[] {
  if (security === 'none') return []
  return security === 'itvtCookie' ? [{}, { itvtCookie: [] }] : [{ [security]: [] }]
}

function parametersOf({ path, params = {}, query = {} }: Operation) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return [
    ...names.map((name) => ({
      in: 'path',
      name,
      required: true,
      schema: text,
      example: params[name] ?? exampleParams[name],
    })),
    ...Object.entries(query).map(([name, schema]) => ({ in: 'query', name, schema })),
  ]
}

function responsesOf({ status = 200, answer, mediaType }: Operation, refusal: Schema) {
  const picture = mediaType && { [mediaType]: {} }
  const content = picture ?? (answer && { 'application/json': { schema: answer } })
  return {
    [status]: { description: status < 300 ? 'Done' : 'Refused', ...(content && { content }) },
    default: {
      description: 'Refused',
      content: { 'application/json': { schema: refusal } },
    },
  }
}
