'use client'

import { anchorAudit, exportAudit, getCheckpoint } from '#lib/api/audit.ts'
import { useCommand } from '../commands/use-command.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx'

function download(href: string, name: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}

/** The whole trail to take away, and what proves later that it was whole. */
export function ExportMenu({ onAnchored }: { onAnchored: () => void }) {
  const anchoring = useCommand(anchorAudit, { onDone: onAnchored })
  const blocked = useBlocked('sync:write')
  return (
    <Menu
      label="Export"
      trigger={
        <Button busy={anchoring.isPending}>
          {!anchoring.isPending && <Glyph name="download" />}
          Export
        </Button>
      }
    >
      <MenuLabel>The whole trail</MenuLabel>
      <MenuItem icon="download" onSelect={() => download(exportAudit.path, 'wheelhouse-audit.jsonl')}>
        JSON lines
        <span className="block text-xs text-faint">Can be verified without Wheelhouse</span>
      </MenuItem>
      <MenuItem icon="download" onSelect={() => download(`${exportAudit.path}?format=csv`, 'wheelhouse-audit.csv')}>
        CSV for a spreadsheet
      </MenuItem>
      <MenuLabel>Its proof</MenuLabel>
      <MenuItem icon="shield" onSelect={() => download(getCheckpoint.path, 'wheelhouse-checkpoint.json')}>
        Checkpoint anchored last
      </MenuItem>
      <MenuItem icon="commit" blocked={blocked} onSelect={() => anchoring.mutate({})}>
        Anchor in Git now
      </MenuItem>
    </Menu>
  )
}
