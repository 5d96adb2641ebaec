import { Fault } from '#lib/core/fault/index.ts'
import type { CommandRecord } from '#lib/ports/store/index.ts'
import type { TestStep } from '#lib/core/connection/index.ts'
import { repositoryTestFact, type RepositoryTest } from '../read/connection-facts.ts'
import { actsSomewhere, type WorkerDeps } from '../work/deps.ts'
import { settleDeployKeys } from '../work/deploy-keys.ts'
import type { CommandResult } from './execute-command.ts'

type Step = Omit<TestStep, 'name'>

/**
 * Tries by itself what everything else relies on, and keeps what came of each step for the page. Throws Fault `conflict` with
 * the first step that failed.
 */
export async function testRepository(deps: WorkerDeps, command: CommandRecord): Promise<CommandResult> {
  const steps: TestStep[] = []
  for (const [name, run] of Object.entries(stepsOf)) {
    const step = await run(deps).catch(failed)
    if (step) steps.push({ name: name as TestStep['name'], ...step })
    // What cannot be read says nothing about the rest.
    if (name === 'read' && step?.state === 'failed') break
  }
  const { repository, branch } = deps.settings
  const test = { repository, branch, at: deps.clock.now(), by: command.actor.email, steps } satisfies RepositoryTest
  await deps.store.setFact(repositoryTestFact, test)
  deps.wakeups.wake('outbox')
  const bad = steps.find(({ state }) => state === 'failed')
  if (bad) throw new Fault('conflict', bad.words, { suggestion: bad.suggestion })
  const warned = steps.some(({ state }) => state === 'warning')
  return { message: warned ? 'Tested: it works, with something to look at.' : 'Tested: everything works.' }
}

const stepsOf: Record<TestStep['name'], (deps: WorkerDeps) => Promise<Step | undefined>> = {
  async read({ git, settings }) {
    const head = await git.fetch()
    if (!head)
      return {
        state: 'failed',
        words: `The repository has no branch ${settings.branch}.`,
        suggestion: 'Push the branch, or choose another one.',
      }
    return { state: 'ok', words: `Branch ${settings.branch} is fetched at ${head.commit.slice(0, 7)}.` }
  },
  async write(deps) {
    const write = actsSomewhere(deps)
    const access = await deps.git.tryAccess({ write })
    if (access.kind !== 'write')
      return {
        state: write ? 'failed' : 'warning',
        words: `It cannot be pushed to: ${access.reason}`,
        suggestion: write
          ? 'Give the credential write access at the Git host.'
          : 'While every environment is only observed, reading is enough. Acting needs write access.',
      }
    return {
      state: 'ok',
      words: write
        ? 'A ref outside the branches was pushed and removed again.'
        : 'It may be pushed to. Nothing was written: every environment is only observed.',
    }
  },
  async api({ gitHost }) {
    if (!gitHost) return undefined
    const { missing, budget } = await gitHost.permissions()
    const left = budget ? ` ${budget.left} of ${budget.limit} calls are left this hour.` : ''
    if (missing.length === 0) return { state: 'ok', words: `The API allows what is needed.${left}`, budget }
    return {
      state: 'warning',
      words: `The API does not allow ${missing.join(', ')}.${left}`,
      suggestion: 'Give these permissions to the App or the token at GitHub, and test again.',
      budget,
    }
  },
  async 'deploy-key'(deps) {
    const settled = await settleDeployKeys(deps)
    switch (settled.kind) {
      case 'nothing':
        return undefined
      case 'let-in':
        return { state: 'ok', words: `The ${settled.dropped ? 'new ' : ''}deploy key is let in.` }
      case 'waits':
        return {
          state: 'warning',
          words: `The new deploy key is not used yet. ${settled.reason}`,
          suggestion: 'Enter it at the Git host with write access; until then the one before is used.',
        }
    }
  },
}

function failed(error: unknown): Step {
  if (!(error instanceof Fault)) throw error
  return { state: 'failed', words: error.message, suggestion: error.suggestion }
}
