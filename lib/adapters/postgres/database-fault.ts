import { Fault } from '../../core/fault/index.ts'

/** Prisma's codes for trouble of connection, pool or transaction. */
const prismaConnection = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037'])
const socket = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])
/** SQLSTATE classes and codes after which the same call may succeed: connection, resources, shutdown, disk, timeouts. */
const sqlConnection = /^(08|53|57P0|57014|25P03|58)/
const adapterKinds = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'TooManyConnections', 'SocketTimeout'])
const words =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable|server has closed the connection|pool after calling end/i

/** Faults pass through, errors that are not the database's too; what the database reports becomes a Fault. */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  const signs = collect(error)
  if (signs.some(isConnection)) {
    return new Fault('database-unreachable', 'The database does not answer.', {
      cause: error,
      retryable: true,
      suggestion: 'Check that PostgreSQL runs and that DATABASE_URL is right.',
    })
  }
  if (signs.some((sign) => sign === '40001' || sign === '40P01' || sign === 'P2034')) {
    return new Fault('database-unreachable', 'Two changes met in the database.', { cause: error, retryable: true })
  }
  return error
}

const isConnection = (sign: string): boolean =>
  prismaConnection.has(sign) ||
  socket.has(sign) ||
  adapterKinds.has(sign) ||
  sqlConnection.test(sign) ||
  words.test(sign)

/** Codes, kinds and messages of an error and of what caused it, through the wrappings of Prisma and its adapter. */
function collect(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const fields = error as Record<string, unknown>
  const own = ['code', 'originalCode', 'kind', 'message', 'originalMessage']
    .map((name) => fields[name])
    .filter((value) => typeof value === 'string')
  const nested = ['cause', 'meta', 'driverAdapterError'].flatMap((name) => collect(fields[name], depth + 1))
  const several = Array.isArray(fields['errors']) ? fields['errors'].flatMap((one) => collect(one, depth + 1)) : []
  return [...own, ...nested, ...several]
}
