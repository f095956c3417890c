import { useEffect } from 'preact/hooks';

/** Names the page in the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Caretrail`;
  }, [title]);
}
