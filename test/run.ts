import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * `npm test` runs everything CI runs; `npm run check` (`--check`) the fast part. Every step counts: a program that fails
 * is one failure, test files count by their tests. Nothing is skipped where a part is missing: it fails.
 */
interface Step {
  name: string
  command: string[]
  /** Vitest projects report test by test. */
  vitest?: boolean
}

const bin = join(import.meta.dirname, '..', 'node_modules', '.bin')
const fast: Step[] = [
  { name: 'generate', command: ['node', 'prisma/generate.ts'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['oxlint', '--quiet'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'unit', command: ['vitest', 'run', '--project', 'unit'], vitest: true },
]
const slow: Step[] = [
  { name: 'contract', command: ['vitest', 'run', '--project', 'contract'], vitest: true },
  { name: 'build', command: ['next', 'build'] },
  { name: 'integration', command: ['vitest', 'run', '--project', 'integration'], vitest: true },
  { name: 'browser', command: ['vitest', 'run', '--project', 'e2e'], vitest: true },
]

interface Count {
  passed: number
  failed: number
}

async function runStep(step: Step, reports: string): Promise<Count> {
  const report = join(reports, `${step.name}.json`)
  const [program = '', ...given] = step.command
  const args = step.vitest ? [...given, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : given
  const started = Date.now()
  console.log(`\n— ${step.name}`)
  const code = await exitCode(join(bin, program), args)
  console.log(`  ${step.name}: ${code === 0 ? 'ok' : `exit ${code}`} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (!step.vitest) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  return countTests(report, code)
}

function exitCode(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: '1' },
  })
  return new Promise((resolve) => {
    child.once('error', (error) => (console.error(String(error)), resolve(127)))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** A run that ends badly without a failed test (an import that throws) is a failure all the same. */
async function countTests(report: string, code: number): Promise<Count> {
  const text = await readFile(report, 'utf8').catch(() => '{}')
  const seen = JSON.parse(text) as { numPassedTests?: number; numFailedTests?: number; numPendingTests?: number }
  const passed = seen.numPassedTests ?? 0
  const failed = (seen.numFailedTests ?? 0) + (seen.numPendingTests ?? 0)
  if (passed + failed === 0) return { passed: 0, failed: 1 }
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

async function main() {
  const reports = await mkdtemp(join(tmpdir(), 'wheelhouse-test-'))
  const total: Count = { passed: 0, failed: 0 }
  const steps = process.argv.includes('--check') ? fast : [...fast, ...slow]
  try {
    for (const step of steps) {
      const count = await runStep(step, reports)
      total.passed += count.passed
      total.failed += count.failed
    }
  } finally {
    await rm(reports, { recursive: true, force: true })
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

await main()
