/** The objects of RFC 8620 and RFC 8621 as far as the webmail asks for them. */
export type Id = string;

export interface Session {
  capabilities: Record<string, Record<string, unknown>>;
  accounts: Record<Id, { name: string; accountCapabilities: Record<string, Record<string, unknown>> }>;
  primaryAccounts: Record<string, Id>;
  username: string;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
}

export interface Address {
  name: string | null;
  email: string;
}

export interface Mailbox {
  id: Id;
  name: string;
  parentId: Id | null;
  role: string | null;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  totalThreads: number;
  unreadThreads: number;
  myRights?: Record<string, boolean>;
  isSubscribed: boolean;
}

/** What a row of the list shows of a message. */
export interface Email {
  id: Id;
  messageId: string[] | null;
  blobId: Id;
  threadId: Id;
  mailboxIds: Record<Id, true>;
  keywords: Record<string, true>;
  size: number;
  receivedAt: string;
  from: Address[] | null;
  to: Address[] | null;
  cc: Address[] | null;
  subject: string | null;
  preview: string;
  hasAttachment: boolean;
}

export interface BodyPart {
  partId: string | null;
  blobId: Id | null;
  size: number;
  name: string | null;
  type: string;
  charset: string | null;
  disposition: string | null;
  cid: string | null;
}

export interface BodyValue {
  value: string;
  isEncodingProblem: boolean;
  isTruncated: boolean;
}

/** What reading and answering needs beyond the row. */
export interface FullEmail extends Email {
  bcc: Address[] | null;
  replyTo: Address[] | null;
  sentAt: string | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  textBody: BodyPart[];
  htmlBody: BodyPart[];
  attachments: BodyPart[];
  bodyValues: Record<string, BodyValue>;
  "header:List-Id:asText": string | null;
  "header:List-Unsubscribe:asURLs": string[] | null;
}

export interface Identity {
  id: Id;
  name: string;
  email: string;
  replyTo: Address[] | null;
  bcc: Address[] | null;
  textSignature: string;
  htmlSignature: string;
  mayDelete: boolean;
}

export interface Vacation {
  isEnabled: boolean;
  fromDate: string | null;
  toDate: string | null;
  subject: string | null;
  textBody: string | null;
  htmlBody: string | null;
}

export interface Snippet {
  emailId: Id;
  subject: string | null;
  preview: string | null;
}

export interface SetError {
  type: string;
  description?: string;
  properties?: string[];
}

export type Patch = Record<string, unknown>;

/** Where the account is signed in, and its passwords (docs/jmap-vendor.md). */
export interface Device {
  id: Id;
  name: string;
  kind: "browser" | "program";
  lastUsedAt: string;
  lastAddress: string;
  isCurrent: boolean;
}

export interface Password {
  id: Id;
  label: string;
  lastUsedAt: string | null;
  isMain: boolean;
}

/** A sentence of why an email was judged as it was. */
export interface JudgementLine {
  code: string;
  values: Record<string, string | number>;
  good: boolean | null;
  text: string;
}

export const OWNER = "urn:mailserver:jmap";
export const CORE = "urn:ietf:params:jmap:core";
export const MAIL = "urn:ietf:params:jmap:mail";
export const SUBMISSION = "urn:ietf:params:jmap:submission";
export const VACATION = "urn:ietf:params:jmap:vacationresponse";
export const QUOTA = "urn:ietf:params:jmap:quota";
