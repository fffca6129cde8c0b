declare module 'qrcode-terminal/vendor/QRCode/index.js' {
  export default class QRCode {
    /** @param type the version of the symbol; -1 is the smallest that fits */
    constructor(type: number, errorCorrectLevel: number);
    addData(text: string): void;
    make(): void;
    getModuleCount(): number;
    isDark(row: number, column: number): boolean;
  }
}

declare module 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js' {
  const levels: { L: number; M: number; Q: number; H: number };
  export default levels;
}
