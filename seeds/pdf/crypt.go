package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the format wants it
	"crypto/rc4" //nolint:gosec // the format wants it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrEncrypted says that a file does not open without a password.
var ErrEncrypted = errors.New("the file is encrypted and wants a password: save a copy without one, for example with qpdf --decrypt")

// padding stands for a password that is too short (ISO 32000-1, 7.6.3.3).
const padding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// crypt decrypts with the key that belongs to the empty password.
type crypt struct {
	key       []byte
	streams   method
	strings   method
	plainMeta bool // the XMP metadata is not encrypted
}

type method int

const (
	methodNone method = iota
	methodRC4
	methodAES  // AES-128, with a key for every object
	methodAES3 // AES-256
)

// unlock finds the key of an encrypted file.
func (f *File) unlock() error {
	e := f.dict(f.trailer["Encrypt"])
	if len(e) == 0 {
		return nil
	}
	if filter := f.name(e["Filter"]); filter != "Standard" {
		return fmt.Errorf("the encryption %q is not read: save a copy without it", string(filter))
	}
	version, revision := int(f.number(e["V"], 0)), int(f.number(e["R"], 0))
	c := &crypt{streams: methodRC4, strings: methodRC4}
	length := int(f.number(e["Length"], 40)) / 8
	meta := true
	if b, ok := f.resolve(e["EncryptMetadata"]).(bool); ok {
		meta, c.plainMeta = b, !b
	}
	switch version {
	case 1:
		length = 5
	case 2, 3:
	case 4, 5:
		length = 16
		filters := f.dict(e["CF"])
		c.streams, c.strings = f.method(filters, e["StmF"]), f.method(filters, e["StrF"])
	default:
		return fmt.Errorf("encryption of version %d is not read: save a copy without it", version)
	}
	owner, user := f.text(e["O"]), f.text(e["U"])
	if revision >= 5 {
		if len(user) < 48 {
			return errors.New("the encryption lacks its user key")
		}
		wrapped := f.text(e["UE"])
		if len(wrapped) < 32 {
			return errors.New("the encryption lacks its user key")
		}
		if !bytes.Equal(hash(revision, user[32:40]), []byte(user[:32])) {
			return ErrEncrypted
		}
		c.key = make([]byte, 32)
		block, err := aes.NewCipher(hash(revision, user[40:48]))
		if err != nil {
			return err
		}
		cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(c.key, []byte(wrapped[:32]))
		f.cipher = c
		return nil
	}
	length = max(5, min(length, 16))
	var id string
	if ids := f.list(f.trailer["ID"]); len(ids) > 0 {
		id = f.text(ids[0])
	}
	h := md5.New() //nolint:gosec // the format wants it
	h.Write([]byte(padding))
	h.Write([]byte(owner[:min(32, len(owner))]))
	h.Write(binary.LittleEndian.AppendUint32(nil, uint32(int(f.number(e["P"], 0)))))
	h.Write([]byte(id))
	if revision >= 4 && !meta {
		h.Write([]byte("\xff\xff\xff\xff"))
	}
	c.key = h.Sum(nil)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(c.key[:length]) //nolint:gosec // the format wants it
			c.key = sum[:]
		}
	}
	c.key = c.key[:length]
	if !c.opens(revision, id, user) {
		return ErrEncrypted
	}
	f.cipher = c
	return nil
}

// opens tells whether the key is that of the empty password (algorithms 4 and 5).
func (c *crypt) opens(revision int, id, user string) bool {
	if revision == 2 {
		return string(unRC4(c.key, []byte(padding))) == user
	}
	sum := md5.Sum([]byte(padding + id)) //nolint:gosec // the format wants it
	out := sum[:]
	for i := range 20 {
		key := bytes.Clone(c.key)
		for j := range key {
			key[j] ^= byte(i)
		}
		out = unRC4(key, out)
	}
	return len(user) >= 16 && string(out) == user[:16]
}

// hash is that of revisions 5 and 6 for the empty password (algorithm 2.B of ISO 32000-2).
func hash(revision int, salt string) []byte {
	sum := sha256.Sum256([]byte(salt))
	k := sum[:]
	if revision < 6 {
		return k
	}
	for i := 0; ; i++ {
		e := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		rest := 0
		for _, b := range e[:16] {
			rest += int(b)
		}
		switch rest % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if i >= 63 && int(e[len(e)-1]) <= i-32 {
			return k[:32]
		}
	}
}

// method reads what a crypt filter does.
func (f *File) method(filters dict, filter any) method {
	switch f.name(f.dict(filters[f.name(filter)])["CFM"]) {
	case "V2":
		return methodRC4
	case "AESV2":
		return methodAES
	case "AESV3":
		return methodAES3
	}
	return methodNone
}

func (c *crypt) stream(s stream) []byte {
	if s.dict["Type"] == name("XRef") || s.num == 0 || c.plainMeta && s.dict["Type"] == name("Metadata") {
		return s.raw
	}
	return c.decrypt(c.streams, s.raw, s.num, s.gen)
}

func (c *crypt) decrypt(m method, data []byte, num, gen int) []byte {
	if m == methodNone {
		return data
	}
	key := c.key
	if m != methodAES3 {
		key = append(bytes.Clone(key), byte(num), byte(num>>8), byte(num>>16), byte(gen), byte(gen>>8))
		if m == methodAES {
			key = append(key, "sAlT"...)
		}
		sum := md5.Sum(key) //nolint:gosec // the format wants it
		key = sum[:min(len(c.key)+5, 16)]
	}
	if m == methodRC4 {
		return unRC4(key, data)
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 2*aes.BlockSize {
		return nil
	}
	out := bytes.Clone(data[aes.BlockSize : len(data)-len(data)%aes.BlockSize])
	cipher.NewCBCDecrypter(block, data[:aes.BlockSize]).CryptBlocks(out, out)
	if n := int(out[len(out)-1]); n > 0 && n <= aes.BlockSize {
		out = out[:len(out)-n]
	}
	return out
}

// plain decrypts the strings in an object.
func (c *crypt) plain(o any, num, gen int) any {
	switch o := o.(type) {
	case string:
		return string(c.decrypt(c.strings, []byte(o), num, gen))
	case array:
		for i := range o {
			o[i] = c.plain(o[i], num, gen)
		}
	case dict:
		for k, v := range o {
			o[k] = c.plain(v, num, gen)
		}
	case stream:
		c.plain(o.dict, num, gen)
	}
	return o
}

func unRC4(key, data []byte) []byte {
	c, err := rc4.NewCipher(key) //nolint:gosec // the format wants it
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}
