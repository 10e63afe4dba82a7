import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FaultAction } from '../faults/fault.ts'
import { firingRule } from '../faults/fault.ts'
import { faultyAnswer } from '../faults/faulty-answer.ts'
import { goOn, settle } from '../going-on.ts'
import { closeEntry, openEntry, recordBody } from '../journal/record.ts'
import { readText } from '../read-text.ts'
import type { World } from '../world.ts'
import { type Answer, bytesOf } from './answer.ts'
import { countIn, countOut } from './arrival.ts'
import { locate } from './call.ts'
import { answerCall } from './order-of-checks.ts'

export interface DataPlane {
  origin: string
  findWorld(name: string): World | undefined
}

/** One data call from its first byte to its last: counted in, met by faults, checked, answered, journalled. */
export async function serveDataCall(
  plane: DataPlane,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://data-plane')
  const { worldName, path } = locate(url.pathname)
  const world = plane.findWorld(worldName)
  if (world === undefined) return send(response, { status: 404, headers: {}, body: '' }, undefined)
  const worldUrl = worldName === 'main' ? plane.origin : `${plane.origin}/worlds/${worldName}`
  const { headers, method = 'GET' } = request
  const call = { method, path, query: url.searchParams, headers, bodyText: '' }
  const arrival = countIn(world, worldUrl, call)
  const entry = openEntry(arrival)
  try {
    call.bodyText = await readText(request)
    recordBody(entry, world, call.bodyText)
    settle(world)
    const fault = firingRule(world.state.faults, { ...call, uId: arrival.token?.uId })
    const answer = fault
      ? await faultyAnswer(fault.action, method, () => answerCall(arrival))
      : await answerCall(arrival)
    const delayMs = world.state.settings.latencyMs + (fault?.action.delayMs ?? 0)
    if (delayMs > 0) await world.time.sleep(delayMs)
    closeEntry(entry, world, answer, fault)
    send(response, answer, fault?.action)
    goOn(world)
  } finally {
    countOut(arrival)
  }
}

function send(response: ServerResponse, answer: Answer, action: FaultAction | undefined): void {
  if (action?.cut === 'beforeHeaders') {
    response.destroy()
    return
  }
  const bytes = bytesOf(answer)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length })
  if (action?.cut === 'midBody') {
    // The length promises the whole body, so that no client can take the half for an answer.
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
    return
  }
  response.end(bytes)
}
