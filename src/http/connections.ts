/** Which connections are open, and which of them have a request under way: closing must cut none of those. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Keeps account of a server's connections. */
  watch(server: Server): void
  begin(request: IncomingMessage, response: ServerResponse): void
  /** Whether no later request is under way on the same connection, which would be cut by closing it behind this one. */
  isNewest(request: IncomingMessage): boolean
  /** The requests under way on a connection, in the order of their arrival. */
  underWay(socket: Socket): readonly IncomingMessage[]
  /** Ends those that have nothing under way, silent ones and unfinished handshakes among them; the others when they have. */
  closeWhenIdle(): void
  closeAll(): void
}

export function openConnections(): Connections {
  let isClosing = false
  const sockets = new Set<Socket>()
  /** A TLS connection shows up twice, first as the bare one below it; both go by the address and port of the other end. */
  const busy = new Map<string, Set<IncomingMessage>>()
  const nameOf = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`
  const names = new WeakMap<Socket, string>()

  function add(socket: Socket): void {
    sockets.add(socket)
    names.set(socket, nameOf(socket))
    socket.once('close', () => sockets.delete(socket))
  }
  const requestsOn = (socket: Socket) => busy.get(names.get(socket) ?? nameOf(socket))

  return {
    watch(server) {
      server.on('connection', add)
      server.on('secureConnection', add)
    },
    begin(request, response) {
      const name = names.get(request.socket) ?? nameOf(request.socket)
      const requests = busy.get(name) ?? new Set()
      busy.set(name, requests.add(request))
      response.once('close', () => {
        requests.delete(request)
        if (requests.size > 0) return
        busy.delete(name)
        if (isClosing) request.socket.destroySoon()
      })
    },
    isNewest: (request) => [...(requestsOn(request.socket) ?? [])].at(-1) === request,
    underWay: (socket) => [...(requestsOn(socket) ?? [])],
    closeWhenIdle() {
      isClosing = true
      for (const socket of sockets) if (!requestsOn(socket)) socket.destroy()
    },
    closeAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
