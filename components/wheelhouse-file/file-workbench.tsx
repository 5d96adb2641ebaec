'use client'

import dynamic from 'next/dynamic'
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { PageHead } from '../shell/page-head.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useCommandKey } from '../ui/use-command-key.ts'
import { CheckResult } from './check-result.tsx'
import type { EditorHandle } from './code-editor.tsx'
import type { DraftState, Head } from './draft.ts'
import { useCheck } from './use-wheelhouse-file.ts'
import { WriteDialog } from './write-dialog.tsx'

const CodeEditor = dynamic(() => import('./code-editor.tsx').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <SkeletonRows rows={8} label="Loading the editor" />,
})
const DiffView = dynamic(() => import('../diff/diff-view.tsx').then((module) => module.DiffView), {
  loading: () => <SkeletonRows label="Loading the difference" />,
})

/** The editor, what its text means, how it differs from the head, and the way to write it. */
export function FileWorkbench({
  head,
  state,
  onType,
  onTakeGround,
  onDiscard,
}: {
  head: Head & { commit: string }
  state: DraftState
  onType: (text: string) => void
  /** The text stays, and starts from the file as it is by now. */
  onTakeGround: () => void
  onDiscard: () => void
}) {
  const { check, isCurrent } = useCheck(state.text)
  const [writing, setWriting] = useState(false)
  const editor = useRef<EditorHandle>(null)
  const problems = isCurrent ? check.data?.problems : undefined
  const permission = useBlocked('settings:write')
  const blocked = permission ?? whyNotWritten(state, problems)
  const ask = () => {
    if (!blocked) setWriting(true)
  }
  useSaveKey(ask)
  useLeaveWarning(state.kind !== 'clean')
  return (
    <>
      <PageHead
        title="wheelhouse.yaml"
        chips={<StateChip state={state} isNew={head.blob === null} />}
        actions={
          <>
            {state.kind !== 'clean' && (
              <Button kind="quiet" onClick={onDiscard}>
                Discard
              </Button>
            )}
            <Button kind="primary" blocked={blocked} onClick={ask}>
              Write …
            </Button>
          </>
        }
      />
      {state.kind === 'moved' && <Moved commit={head.commit} onTakeGround={onTakeGround} onDiscard={onDiscard} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)] xl:grid-rows-[auto_1fr]">
        <EditorSection value={state.text} problems={problems ?? []} handle={editor} onType={onType} />
        <div className="xl:col-start-2 xl:row-span-2 xl:row-start-1">
          <QueryView query={check} what="what it means" loading={<SkeletonRows rows={4} label="Loading the check" />}>
            {(data) => <CheckResult check={data} isCurrent={isCurrent} onLine={(line) => editor.current?.goTo(line)} />}
          </QueryView>
        </div>
        {state.kind !== 'clean' && (
          <Section title="Difference" note="to the head of the branch" className="overflow-hidden">
            <DiffView before={head.text ?? ''} after={state.text} layout="unified" label="Difference to the head" />
          </Section>
        )}
      </div>
      {writing && state.kind === 'changed' && (
        <WriteDialog
          before={head.text ?? ''}
          text={state.text}
          base={state.base}
          loosens={check.data?.loosens ?? []}
          onClose={() => setWriting(false)}
        />
      )}
    </>
  )
}

type Problems = NonNullable<ReturnType<typeof useCheck>['check']['data']>['problems']

function whyNotWritten(state: DraftState, problems: Problems | undefined): string | undefined {
  if (state.kind === 'clean') return 'Nothing is changed yet.'
  if (state.kind === 'moved') return 'The file was changed meanwhile: say first what becomes of yours.'
  if (problems === undefined) return 'It is still being checked.'
  const wrong = problems.find(({ severity }) => severity === 'error')
  return wrong && (wrong.line === undefined ? 'It has a problem.' : `Line ${wrong.line} has a problem.`)
}

function StateChip({ state, isNew }: { state: DraftState; isNew: boolean }) {
  if (state.kind === 'moved') return <Chip tone="wait">changed on both sides</Chip>
  if (state.kind === 'changed') return <Chip tone="brass">{isNew ? 'new' : 'changed'}</Chip>
  return <Chip>as in Git</Chip>
}

function Moved({
  commit,
  onTakeGround,
  onDiscard,
}: {
  commit: string
  onTakeGround: () => void
  onDiscard: () => void
}) {
  return (
    <Banner
      state="wait"
      aside={
        <>
          <Button size="sm" onClick={onDiscard}>
            Take theirs
          </Button>
          <Button size="sm" onClick={onTakeGround}>
            Go on with mine
          </Button>
        </>
      }
    >
      <b className="font-semibold">The file was changed meanwhile.</b>{' '}
      <span className="text-muted">
        The head is <span className="mono">{commit.slice(0, 7)}</span> by now. Your text is kept; the difference below
        is against what the file says now.
      </span>
    </Banner>
  )
}

function EditorSection({
  value,
  problems,
  handle,
  onType,
}: {
  value: string
  problems: Problems
  handle: React.RefObject<EditorHandle | null>
  onType: (text: string) => void
}) {
  const command = useCommandKey()
  const hint = useId()
  return (
    <Section title="Text" note="checked as you type" className="overflow-hidden">
      <CodeEditor
        label="wheelhouse.yaml"
        describedBy={hint}
        value={value}
        problems={problems}
        handle={handle}
        onChange={onType}
      />
      <p
        id={hint}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-xs text-faint"
      >
        <span>
          <Kbd>Tab</Kbd> indents
        </span>
        <span>
          <Kbd>Esc</Kbd> then <Kbd>Tab</Kbd> leaves the editor
        </span>
        <span>
          <Kbd>{command}</Kbd> <Kbd>S</Kbd> writes
        </span>
        <a className="link ml-auto" href="/wheelhouse.schema.json" target="_blank" rel="noreferrer">
          Schema
        </a>
      </p>
    </Section>
  )
}

/** Cmd/Ctrl-S anywhere on the page; the browser's own saving is of no use here. */
function useSaveKey(save: () => void): void {
  const onSave = useEffectEvent(save)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      if (!document.querySelector('[role="dialog"]')) onSave()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** The browser asks before a page with unwritten text goes away. */
function useLeaveWarning(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isChanged])
}
