import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { keyFingerprint, readCheckpoint, verifyPages, type AuditEntry } from '#lib/core/audit/index.ts'

const usage = `Verifies an export of the audit trail without server and database.

  npm run audit:verify -- FILE [--checkpoint FILE] [--key FINGERPRINT]

FILE          what GET /api/v1/audit/export gives (JSON lines, from the first row)
--checkpoint  a checkpoint kept elsewhere: GET /api/v1/audit/checkpoint, or of the config repository
              git fetch origin refs/wheelhouse/audit && git show FETCH_HEAD:checkpoint.json
--key         the fingerprint that the signing key must have; the dashboard shows it beside the anchor
`

const rowsAtOnce = 1000

/** Exit code: 0 whole, 1 not, 2 could not be looked at. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { checkpoint: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean' } },
  })
  const [file] = positionals
  if (values.help || file === undefined || positionals.length > 1) {
    process.stderr.write(usage)
    return values.help ? 0 : 2
  }
  const checkpoint = values.checkpoint === undefined ? undefined : await checkpointIn(values.checkpoint, values.key)
  const verdict = await verifyPages(pagesOf(file), checkpoint)
  if (!verdict.ok) {
    process.stdout.write(`broken at row ${verdict.seq} (${verdict.fault}): ${verdict.message}\n`)
    return 1
  }
  process.stdout.write(`intact: ${verdict.entries} rows, each bound to the one before\n`)
  if (checkpoint) {
    const open = (verdict.head?.seq ?? 0) - checkpoint.seq
    const signed = `row ${checkpoint.seq} stands as signed on ${new Date(checkpoint.at).toISOString()}`
    process.stdout.write(`anchored: ${signed} by key ${keyFingerprint(checkpoint)}\n`)
    if (open > 0) process.stdout.write(`not yet anchored: ${open} rows after it\n`)
  } else process.stdout.write('not anchored: without a checkpoint nobody can tell whether the end was cut off\n')
  return 0
}

async function checkpointIn(path: string, key: string | undefined) {
  const checkpoint = readCheckpoint(await readFile(path, 'utf8'))
  if (!checkpoint) throw new Error(`${path} is no checkpoint, or its signature does not fit.`)
  if (key !== undefined && keyFingerprint(checkpoint) !== key.toLowerCase())
    throw new Error(`${path} was signed by key ${keyFingerprint(checkpoint)}, not by the one expected.`)
  return checkpoint
}

async function* pagesOf(path: string): AsyncGenerator<AuditEntry[]> {
  let page: AuditEntry[] = []
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1
    if (line.trim() === '') continue
    page.push(entryOf(line, `${path}:${number}`))
    if (page.length < rowsAtOnce) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

function entryOf(line: string, place: string): AuditEntry {
  try {
    const entry = JSON.parse(line) as AuditEntry
    if (typeof entry === 'object' && entry !== null && Number.isSafeInteger(entry.seq)) return entry
  } catch {
    // Told below, in words.
  }
  throw new Error(`${place} is no row of an audit trail.`)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  },
)
