'use client'

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { indentUnit } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState, type Extension, type Text } from '@codemirror/state'
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from 'react'
import type { Problem } from '#lib/api/shared.ts'
import { editorLook } from './editor-look.ts'

/** What a page can ask of the editor. */
export interface EditorHandle {
  /** Puts the caret at a line, 1-based. */
  goTo(line: number): void
}

/**
 * A text in an editor with line numbers, and its problems at their lines. Tab indents; Escape and then Tab leaves it, which
 * CodeMirror does by itself.
 */
export function CodeEditor({
  label,
  describedBy,
  value,
  problems,
  handle,
  onChange,
}: {
  label: string
  /** Id of the words on how to leave it. */
  describedBy: string
  value: string
  problems: readonly Problem[]
  handle: Ref<EditorHandle>
  onChange: (text: string) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useEffectEvent(onChange)
  const first = useEffectEvent(() => value)
  useImperativeHandle(handle, () => ({ goTo: (line) => view.current && goTo(view.current, line) }), [])
  useEffect(() => {
    if (!box.current) return
    const attributes = EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': describedBy })
    const listener = EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString())
    })
    const state = EditorState.create({ doc: first(), extensions: [...standing, attributes, listener] })
    const editor = new EditorView({ state, parent: box.current })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [label, describedBy])
  useEffect(() => {
    const doc = view.current?.state.doc
    if (doc && doc.toString() !== value) view.current?.dispatch({ changes: { from: 0, to: doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const editor = view.current
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(problems, editor.state.doc)))
  }, [problems])
  return <div ref={box} />
}

const standing: Extension[] = [
  lineNumbers(),
  lintGutter(),
  history(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  EditorView.lineWrapping,
  indentUnit.of('  '),
  yaml(),
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
  editorLook,
]

function goTo(editor: EditorView, line: number): void {
  const { from } = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines))
  editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
  editor.focus()
}

/** From where the problem begins to the end of its line; what has no place stands at the first. */
function diagnosticsOf(problems: readonly Problem[], doc: Text): Diagnostic[] {
  return problems.map(({ line = 1, column = 1, severity, message, suggestion }) => {
    const { from, to } = doc.line(Math.min(line, doc.lines))
    const text = suggestion === undefined ? message : `${message}\n${suggestion}`
    return { from: Math.min(from + column - 1, to), to, severity, message: text }
  })
}
