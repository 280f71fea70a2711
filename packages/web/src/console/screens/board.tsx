import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useDesk } from '../desk.ts';
import type { Board } from '../model/scenarios.ts';
import { Page } from '../parts/page.tsx';
import { DataBoard } from './data-board.tsx';
import { DeviceBoard } from './device-board.tsx';
import { RoamingBoard } from './roaming-board.tsx';

/** What there is to supervise in a scenario. */
export function BoardScreen({ board }: { board: Board }): JSX.Element {
  const { t } = useDesk();
  const title = fillText(t.board.title, { name: t.boards[board] });
  return (
    <Page title={title} lead={t[board].lead}>
      {board === 'device' && <DeviceBoard />}
      {board === 'roaming' && <RoamingBoard />}
      {board === 'data' && <DataBoard />}
    </Page>
  );
}
