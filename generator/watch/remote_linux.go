package watch

import "golang.org/x/sys/unix"

// remoteKinds are file systems whose changes are made elsewhere, so that this
// machine's kernel cannot report them, by the number that statfs(2) gives.
var remoteKinds = map[uint32]string{
	0x6969:     "NFS",
	0x517B:     "SMB",
	0xFE534D42: "SMB",
	0xFF534D42: "CIFS",
	0x65735546: "FUSE", // sshfs, virtiofs, Docker Desktop
	0x01021997: "9p",   // WSL: drives of Windows
	0x786F4256: "VirtualBox",
	0xBACBACBC: "VMware",
	0x7C7C6673: "Parallels",
	0x73757245: "Coda",
	0x5346414F: "AFS",
	0x6B414653: "AFS",
	0x00C36400: "Ceph",
}

// fileSystem names the remote file system that a file lies on, "" for others.
func fileSystem(name string) string {
	var st unix.Statfs_t
	if unix.Statfs(name, &st) != nil {
		return ""
	}
	return remoteKinds[uint32(st.Type)]
}
