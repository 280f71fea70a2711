import { REQUEST_TYPE } from '../ocsp/over-http.ts';
import { OCSP_LIMITS } from '../ocsp/request.ts';

/** What a request asks for, as far as its head says. */
export interface RequestHead {
  /** GET: the part of the path behind the responder's own, as it came. POST: undefined. */
  readonly encoded: string | undefined;
  /** Octets of content that follow. */
  readonly length: number;
  /** The client sends its content when it is told to. */
  readonly expectsContinue: boolean;
  /** No other request will be answered on this connection. */
  readonly closes: boolean;
}

/** A request that is answered by a status of HTTP and the end of the connection. */
export interface Refusal {
  readonly status: number;
  /** Of the path, where another method was used (RFC 9110 §15.5.6). */
  readonly allow?: string;
}

export const isRefusal = (outcome: RequestHead | Refusal): outcome is Refusal => 'status' in outcome;

/** tchar (RFC 9110 §5.6.2). */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** No fragment: it is never sent (RFC 9112 §3.2). */
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([\\x21\\x22\\x24-\\x7e]+) HTTP/([0-9])\\.([0-9])$`);
/** Without control characters, white space before the colon, or folding (RFC 9112 §5). */
const FIELD_LINE = new RegExp(`^(${TOKEN}):([\\t\\x20-\\x7e\\x80-\\xff]*)$`);
/** uri-host [ ":" port ] (RFC 9110 §7.2). */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?$/;
const ABSOLUTE = /^https?:\/\/[^/?]+/i;
const LENGTH = /^[0-9]+$/;

/** Fields that say something here. Each comes once at most; all others are looked at for their form alone. */
const SINGLE: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
]);

/** Judges the head of a request line by line, so that how bytes arrive cannot matter. */
export class RequestHeadReader {
  private readonly path: string;
  private readonly fields = new Map<string, string>();
  private method = '';
  private target = '';
  private minor = 0;

  constructor(path: string) {
    this.path = path;
  }

  get hasBegun(): boolean {
    return this.method !== '';
  }

  /** A line without its end. @returns the refusal that it leads to */
  take(line: string): Refusal | undefined {
    return this.hasBegun ? this.takeField(line) : this.begin(line);
  }

  /** The empty line came. */
  finish(): RequestHead | Refusal {
    const { fields, minor } = this;
    const host = fields.get('host');
    // RFC 9112 §3.2: exactly one, which older clients need not send.
    if (host === undefined ? minor > 0 : !HOST.test(host)) return BAD_REQUEST;
    const length = this.framing();
    if (typeof length === 'object') return length;
    const encoded = this.route();
    if (typeof encoded === 'object') return encoded;
    return this.refusalOf(encoded === undefined, length) ?? this.head(encoded, length ?? 0);
  }

  private refusalOf(isPost: boolean, length: number | undefined): Refusal | undefined {
    if (isPost && length === undefined) return { status: 411 };
    if (length !== undefined && length > OCSP_LIMITS.requestBytes) return { status: 413 };
    // Content of a GET has no meaning, and means no good (RFC 9110 §9.3.1).
    if (!isPost && length !== undefined && length > 0) return BAD_REQUEST;
    if (isPost && length !== 0 && !this.hasRightType()) return { status: 415 };
    const expected = this.expected();
    return expected === undefined || expected === '100-continue' ? undefined : { status: 417 };
  }

  private head(encoded: string | undefined, length: number): RequestHead {
    const expectsContinue = length > 0 && this.expected() !== undefined;
    return { encoded, length, expectsContinue, closes: this.minor === 0 || this.wantsClose() };
  }

  /** Older clients cannot mean it (RFC 9110 §10.1.1). */
  private expected(): string | undefined {
    return this.minor > 0 ? this.fields.get('expect')?.toLowerCase() : undefined;
  }

  private begin(line: string): Refusal | undefined {
    const [, method, target, major, minor] = REQUEST_LINE.exec(line) ?? [];
    if (method === undefined || target === undefined) return BAD_REQUEST;
    if (major !== '1') return { status: 505 };
    this.method = method;
    this.target = target;
    this.minor = Number(minor);
    return undefined;
  }

  private takeField(line: string): Refusal | undefined {
    const [, token, text] = FIELD_LINE.exec(line) ?? [];
    if (token === undefined || text === undefined) return BAD_REQUEST;
    const name = token.toLowerCase();
    const known = this.fields.get(name);
    if (name === 'connection') this.fields.set(name, known === undefined ? text : `${known},${text}`);
    else if (SINGLE.has(name)) {
      if (known !== undefined) return BAD_REQUEST;
      this.fields.set(name, withoutSpace(text));
    }
    return undefined;
  }

  /** Octets of content; undefined where nothing is said (RFC 9112 §6). Two readings of one message are never possible. */
  private framing(): number | Refusal | undefined {
    const [coding, text] = [this.fields.get('transfer-encoding'), this.fields.get('content-length')];
    if (coding !== undefined) {
      if (text !== undefined || this.minor === 0) return BAD_REQUEST;
      return { status: coding.toLowerCase() === 'chunked' ? 411 : 501 };
    }
    if (text === undefined) return undefined;
    return LENGTH.test(text) ? Number(text) : BAD_REQUEST;
  }

  /** The encoded request of a GET, undefined for a POST. */
  private route(): string | Refusal | undefined {
    // A proxy's form of a target, which servers take as well (RFC 9112 §3.2.2).
    const [target = ''] = this.target.replace(ABSOLUTE, '').split('?', 1);
    if (!target.startsWith('/')) return BAD_REQUEST;
    if (target === this.path) return this.method === 'POST' ? undefined : { status: 405, allow: 'POST' };
    const prefix = `${this.path}/`;
    if (!target.startsWith(prefix)) return { status: 404 };
    return this.method === 'GET' ? target.slice(prefix.length) : { status: 405, allow: 'GET' };
  }

  private hasRightType(): boolean {
    const [type = ''] = (this.fields.get('content-type') ?? '').split(';', 1);
    return withoutSpace(type).toLowerCase() === REQUEST_TYPE && !this.fields.has('content-encoding');
  }

  private wantsClose(): boolean {
    const options = this.fields.get('connection');
    return options?.split(',').some((option) => withoutSpace(option).toLowerCase() === 'close') ?? false;
  }
}

const BAD_REQUEST: Refusal = { status: 400 };

/** Less than `trim` takes: a no-break space is no white space of HTTP (RFC 9110 §5.6.3). */
function withoutSpace(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;
