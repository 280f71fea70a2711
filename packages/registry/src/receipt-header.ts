/**
 * Response header with the receipts of an answer, base64url, comma-separated: the asked record first, then what its
 * standing depends on. All of one checkpoint, which only the first may bring along.
 */
export const RECEIPT_HEADER = 'attestel-receipt';
