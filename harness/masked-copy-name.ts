/** Name of the step that makes the masked copy: a drill that has it promises one. */
export const maskedCopyName = 'masked-copy';
