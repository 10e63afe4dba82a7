/** `$batch`: several requests in one, each through the same door as a request of its own (graph 7.8, H11). */
import { Failure } from '../../model/failure.ts'
import type { HttpRequest, HttpResponse } from '../../ports/route.ts'
import { errorResponse } from '../answer/error-response.ts'
import { clientRequestId } from '../answer/response-headers.ts'
import { type BatchItem, inOrder, readBatch } from '../request/batch-envelope.ts'
import { readTarget } from '../request/path.ts'
import { readEntityBody } from '../request/request-body.ts'
import { type Handler, takes, type UseCaseDeps } from './handler.ts'

export const batchHandler: Handler = takes({
  body: async (request) => readBatch(await readEntityBody(request)),
  handle: async (deps, _input, items, envelope) => {
    const answers = await answerAll(deps, items, { ...envelope, sharedBy: items.length })
    const texts = answers.map(({ text }) => text)
    return { kind: 'json', text: `{"responses":[${texts.join(',')}]}` }
  },
})

interface ItemAnswer {
  readonly status: number
  /** As it stands in the batch's answer. */
  readonly text: string
}

/** One after the other, so that a batch holds no more than one request does; answers stand in the order of the items. */
async function answerAll(
  deps: UseCaseDeps,
  items: readonly BatchItem[],
  envelope: HttpRequest,
): Promise<readonly ItemAnswer[]> {
  const answers = new Map<string, ItemAnswer>()
  for (const item of inOrder(items)) {
    const needed = item.dependsOn.flatMap((id) => answers.get(id) ?? [])
    answers.set(item.id, await answerItem(deps, item, needed, envelope))
  }
  return items.flatMap(({ id }) => answers.get(id) ?? [])
}

async function answerItem(
  deps: UseCaseDeps,
  item: BatchItem,
  needed: readonly ItemAnswer[],
  envelope: HttpRequest,
): Promise<ItemAnswer> {
  const id = deps.newId()
  try {
    if (needed.some(({ status }) => status >= 400)) throw dependencyFailed()
    return shown(item, await deps.answer(itemRequest(item, envelope, id)))
  } catch (error) {
    const now = deps.clock.now()
    const { origin } = envelope
    const context = { requestId: id, clientRequestId: clientRequestId(envelope), now, origin }
    const { status, headers, body } = errorResponse(error, context)
    return shown(item, {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    })
  }
}

/** The item as a request of its own, on behalf of whoever sent the batch. */
function itemRequest(item: BatchItem, envelope: HttpRequest, id: string): HttpRequest {
  const { authorization } = envelope.headers
  const body = item.body === undefined ? '' : JSON.stringify(item.body)
  if (body !== '' && item.headers['content-type'] === undefined)
    throw new Failure(
      'notJsonContent',
      'A request of a batch that has a body needs a Content-Type header of its own.',
    )
  const { authorization: _ignored, ...headers } = item.headers
  return {
    ...envelope,
    id,
    method: item.method,
    target: itemTarget(item.url, envelope.target),
    headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    readBody: () => Promise.resolve(Buffer.from(body)),
  }
}

/** Failure `badRequest` for what leads out of the version that the batch was sent to, or into another batch. */
function itemTarget(url: string, envelopeTarget: string): string {
  if (/^\/\/|^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new Failure(
      'badRequest',
      "The 'url' of a batched request must be relative to the version, such as /deviceAppManagement/vppTokens.",
    )
  const version = readTarget(envelopeTarget).segments[0]?.text ?? ''
  const target = `/${version}/${url.replace(/^\//, '')}`
  if (readTarget(target).segments[1]?.text.toLowerCase() === '$batch')
    throw new Failure('badRequest', 'A batch cannot hold another batch. Send it on its own.')
  return target
}

/** Headers of the connection and of the service as a whole stand once, on the answer of the batch. */
const itemHeaders =
  /^(content-type|location|etag|odata-|preference-applied|retry-after|allow|www-authenticate)/i

/** What an item was answered is JSON already and is put in as it is. */
function shown(
  { id, method }: BatchItem,
  { status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
): ItemAnswer {
  const kept = Object.entries(headers).filter(([name]) => itemHeaders.test(name))
  const head = JSON.stringify({ id, status, headers: Object.fromEntries(kept) })
  if (body === undefined || method === 'HEAD') return { status, text: head }
  const isJson = (headers['Content-Type'] ?? 'application/json').startsWith('application/json')
  return { status, text: `${head.slice(0, -1)},"body":${isJson ? body : JSON.stringify(body)}}` }
}

function dependencyFailed(): Failure {
  return new Failure(
    'dependencyFailed',
    'A request that this one depends on has failed, so it was not sent.',
  )
}
