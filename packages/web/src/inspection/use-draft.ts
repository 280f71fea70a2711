import { useCallback, useEffect, useState } from 'preact/hooks';
import { DRAFT, type PhoneDatabase } from './phone/database.ts';
import type { Draft } from './phone/draft.ts';

/** The visit being filled in, as it was when the page was last open; undefined until that is known. */
export function useDraft(db: PhoneDatabase): {
  readonly draft: Draft | null | undefined;
  /** Shows and keeps it; null: there is none any more. */
  readonly keep: (draft: Draft | null) => void;
  /** There is none any more, and it was taken out of the database already. */
  readonly ended: () => void;
} {
  const [draft, setDraft] = useState<Draft | null | undefined>(undefined);
  useEffect(() => {
    void db.get<Draft>(DRAFT).then((before) => setDraft(before ?? null));
  }, [db]);
  const keep = useCallback(
    (next: Draft | null) => {
      setDraft(next);
      void (next ? db.put(DRAFT, next) : db.remove(DRAFT));
    },
    [db],
  );
  return { draft, keep, ended: () => setDraft(null) };
}
