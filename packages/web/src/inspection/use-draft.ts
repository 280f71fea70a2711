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
  /** Whether the last change could not be kept: a page that is closed now loses it. */
  readonly isUnkept: boolean;
} {
  const [draft, setDraft] = useState<Draft | null | undefined>(undefined);
  const [isUnkept, setUnkept] = useState(false);
  useEffect(() => {
    db.get<Draft>(DRAFT).then(
      (before) => setDraft(before ?? null),
      () => {
        setDraft(null);
        setUnkept(true);
      },
    );
  }, [db]);
  const keep = useCallback(
    (next: Draft | null) => {
      setDraft(next);
      (next ? db.put(DRAFT, next) : db.remove(DRAFT)).then(
        () => setUnkept(false),
        () => setUnkept(true),
      );
    },
    [db],
  );
  return { draft, keep, ended: () => setDraft(null), isUnkept };
}
