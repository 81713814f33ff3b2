import { useRouter } from '@tanstack/react-router';
import type { ComponentPropsWithRef, MouseEvent } from 'react';

export type GoProps = ComponentPropsWithRef<'a'> & { href: string };

/** A link inside the console: goes there without loading the page anew, and fetches its code when pointed at. */
export function Go({ href, onClick, children, ...rest }: GoProps) {
  const router = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    router.history.push(href);
  };
  const prepare = () => void router.preloadRoute({ to: href.split('?')[0] ?? href });
  return (
    <a href={href} onClick={follow} onPointerEnter={prepare} onFocus={prepare} {...rest}>
      {children}
    </a>
  );
}

/** A function that goes to an address of the console; with `force` also away from what was not saved. */
export function useGo(): (href: string, options?: { replace?: boolean; force?: boolean }) => void {
  const { history } = useRouter();
  return (href, { replace = false, force = false } = {}) =>
    history[replace ? 'replace' : 'push'](href, undefined, { ignoreBlocker: force });
}
